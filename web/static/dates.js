// Times and days as people in Tehran read them: Persian digits, the Jalali calendar.

const zone = "Asia/Tehran";
const persian = "fa-IR-u-ca-persian-nu-arabext";
const clock = new Intl.DateTimeFormat(persian, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
const year = new Intl.DateTimeFormat(persian, { timeZone: zone, year: "numeric" });
const shortDate = new Intl.DateTimeFormat(persian, { timeZone: zone, day: "numeric", month: "long" });
const number = new Intl.NumberFormat("fa-IR-u-nu-arabext", { useGrouping: false });
const oneDay = 24 * 3600 * 1000;

export const timeOf = (at) => clock.format(at);

// The same for two instants of one day in Tehran; sorts by time.
export const dayOf = (at) => day.format(at);

export const digits = (value) => number.format(value);

export function dayName(at, words, now = Date.now()) {
  if (dayOf(at) === dayOf(now)) return words.today;
  if (dayOf(at) === dayOf(now - oneDay)) return words.yesterday;
  const date = shortDate.format(at);
  return year.format(at) === year.format(now) ? date : `${date} ${digits(parseInt(latin(year.format(at)), 10))}`;
}

const latin = (text) => text.replace(/[۰-۹]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹".indexOf(digit));
