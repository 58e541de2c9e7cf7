"""Words of everyday Persian that every reader knows and no answer is about. Data only, used by `bot/words.py`.

All in the form of `Text.fold`. Subjects do not belong here: they grow in `content/` as phrasings and keywords.
"""

# Carry hardly any meaning for the search.
STOP = frozenset(
    """
    از به با در تو توی رو را و یا هم که تا بر برای واسه برا این اون ان همین همون همان اینجا اونجا انجا
    هر هیچ یه یک ی ای اگه اگر پس من ما شما تو او اونا ایشون خود خودم خودش خودمون دیگه دیگر دیگ حالا الان
    فقط خیلی هنوز مگه مگر اخه یعنی لطفا لطفن میشه ممکنه امکانش بله اره نه خب خوب اقا خانم جان عزیز
    ببخشید بالاخره اصلا حتی مثل مثلا وقتی چون ولی اما بلکه نیز باز بعد قبل پیش روی زیر های ها هایی هام
    هات هاش هامون هاتون هاشون می نمی است هست هستش هستن هستین هستید نیست بود باشه باشد شده شد کرده کردم
    کردن کنم کنه کنید کنین کن کنیم داره دارم دارین دارید داشت داریم دارند دارن ام ات اش ایم اید اند تر
    ترین ها لطف سوال سوالی پرسش داشتم خواستم میخواستم بفرمایید بگید بگین بدونم بدانم میخوام می خواهم
    خواهم رسانی مورد درباره راجع جریان ماجرا قضیه همه چیز چیزی کسی بنده اینجانب جناب طرف اینا اینها
    اونها سری دونه تا یکی
    """.split(),
)

# Everyday words a dictionary of the written language lacks: not slips of other words.
EVERYDAY = frozenset(
    """
    شیش هیفده هیژده پونزده شونزده دویست سیصد خونه صاحبخونه همسایه کوچه بچه سگ سگا گربه قاطی پاطی قاطیه
    همش همیشه دیروز پریروز پارسال امسال امشب شبا صبحا عصرا روزا مامان بابا داداش ابجی خواهر برادر دختر
    پسر شوهر خانوم اقا عمو خاله دایی عمه مادربزرگ پدربزرگ گوشی موبایل واتساپ روبیکا ایتا بله تلگرام گوگل
    سایت لینک ربات بات هوش میدون خیابون تهرون ساختمون بارون زمستون تابستون نونوایی سوپری مغازه نون گوشت
    مرغ برنج پیتزا قیمه قرمه غذا اشپزی فیلم سریال بازی فوتبال پرسپولیس استقلال طلا دلار سکه بورس یارو
    بابت راستش والا بخدا ایشالا انشالا مرسی دمت گرم فدات قربونت نوکرم چاکرم عشقم جیگر
    """.split(),
)
# Latin words that are no Finglish, and what they are called here.
LATIN_WORDS = {
    "email": "ایمیل", "mail": "ایمیل", "gmail": "ایمیل", "site": "سایت", "website": "سایت", "online": "مجازی",
    "content": "محتوا", "code": "کد", "post": "پست", "page": "پیج", "insta": "اینستاگرام", "ig": "اینستاگرام",
    "instagram": "اینستاگرام", "telegram": "تلگرام", "aparat": "اپارات", "bot": "ربات", "robot": "ربات",
    "phone": "تلفن", "tel": "تلفن", "call": "تماس", "address": "نشانی", "location": "نشانی", "map": "نقشه",
    "help": "راهنما", "start": "شروع", "menu": "منو",
    "ict": "فناوری", "it": "فناوری", "admin": "ادمین", "pm": "پیام", "sms": "پیامک", "off": "لغو", "cancel":
    "لغو", "follow": "دنبال",
}  # fmt: skip
LATIN_ENDINGS = tuple(
    """
    haye hay hash ha emoon emun etoon etun eshoon eshun moon mun toon tun shoon shun ro esh am et em ye
    an at e o i
    """.split(),
)
# Finglish words that carry no meaning of their own; too short to be heard rightly.
LATIN_STOP = frozenset(
    """
    e ye y o va az be ba to tu too dar ro ra ke k ha haye hay ham hast ast in un oon on an yek ya na man
    ma shoma u bara baraye vase age agar ta bar ast mi nemi i am et esh mon ton tun shon mun lotfan aya
    dige vali ama hm
    """.split(),
)

# One word for the many ways it is written or spoken. Only words without a subject of their own.
SPOKEN = {
    word: formal
    for formal, words in {
        "چطور": "چطوری چجوری چجور چگونه چتور چطو چطوریه چجوریه",
        "چه": "چی چیه چیست چیا چیاست چین چیش چیه؟ چیو",
        "کجا": "کجاست کجاس کجای کجاها کجان کجاین کجاهاست کوش کجایین کجایید",
        "چند": "چنده چقدر چقد چقدره چندتا چندمه چندم",
        "چه‌کسی": "کیه کیا کیست کیان",
        "کدام": "کدوم کدومه کدوما کدامند کدامه",
        "چرا": "چراا واسه‌چی",
        "خیابان": "خیابون خیابونا خ",
        "اینجا": "اینجاست همینجا",
        "ساختمان": "ساختمون ساختمونا ساختمونتون ساختمونمون",
        "میدان": "میدون میدونا میدونها",
        "شهرداری": "شهرداری شهردار‌ی شهردارى شهداری شهرداریه شهردای",
        "خانه": "خونه خونم خونمون خونتون خونشون خونش خونت خونه‌ها خونمو",
        "تلفن": "تلیفون تلفون تیلیفون فون",
        "شماره": "شمارتون شمارشو نمره",
        "نشانی": "ادرس ادرستون ادرسش نشونی لوکیشن ادرسو",
        "پیشنهاد": "پیشنهادی پیشنهادم پیشنهادات",
        "انتقاد": "انتقادی انتقادم انتقادات",
        "شکایت": "شکایات شاکی شاکیم شکایتم",
        "ایمیل": "رایانامه میل ایمیلتون جیمیل ایمیلش",
        "مردم": "مردمو مردمی",
        "برنامه": "برنامتون برنامش",
        "محله": "محل محلات محلمون محلمان محلتون محله‌مون",
        "باز": "بازه بازید بازین بازن",
        "تعطیل": "تعطیله تعطیلید تعطیلین تعطیلات",
        "بسته": "بستس بستست بستین",
        "پنجشنبه": "پنشنبه پنجشمبه پنشمبه",
        "امروز": "امروزم امرو",
        "اینستاگرام": "اینستا اینیستا اینستاگرامتون",
        "اقدام": "اقدامات",
        "اهداف": "هدف هدفش هدفها",
        "سیاست": "سیاستها",
    }.items()
    for word in words.split()
}

# Words that only look like another word with an ending, or like a form of a verb.
WHOLE = frozenset(
    """
    نامه نام نان باد یاد باید گوش گوشی رسانه بیرون نرمش روشن ساختمان خیریه مناسبت نقشه مالیات سالن سرمایه
    هفته جمعه فردا خالی سایت رشته محلاتی کیفیت قطعه خانم عرضه نمایش اموزش بیانیه باشه اندازه رسمی پایین
    پرسش خواهش دانش دهه گردش شناسه خرد درست حالا جلوی ایمیل خاطره مجاز پیشرفته مدرسه زباله زنانه ایه
    دیده جشن نشان نشانی میدان بازار بازی خدمات خدمت سرد بند ریزش شیوه هدیه
    """.split(),
)

# Present stem: what stands for the verb, then its other stems (past, spoken). Forms are built from them, not listed.
VERBS = {
    "کن": "کرد",
    "دار": "داشت",
    "خواه": "خوا خا خواست خاست",
    "رو": "ر رفت",
    "گو": "گ گفت",
    "ده": "د داد",
    "شو": "ش شد",
    "ای": "ا یا اومد امد",
    "اور": "ار اورد",
    "توان": "تون تونست توانست",
    "دان": "دون دونست دانست",
    "خوان": "خون خوند خواند",
    "گذار": "ذار زار گذاشت ذاشت",
    "نشین": "شین نشست",
    "بین": "دید",
    "گیر": "گرفت",
    "فرست": "فرستاد",
    "پرس": "پرسید",
    "نویس": "نوشت",
    "خر": "خرید",
    "فروش": "فروخت",
    "زن": "زد",
    "ساز": "ساخت",
    "پرداز": "پرداخت",
    "رس": "رسید رسون رسان",
    "یاب": "یافت",
    "شناس": "شناخت",
    "فهم": "فهمید",
    "کش": "کشید",
    "شنو": "شنید",
    "انداز": "انداخت",
    "بند": "بست",
    "خور": "خورد",
    "گرد": "گشت چرخ",
    "پیوند": "پیوست",
    "پذیر": "پذیرفت",
    "جوی": "جست",
    "سپار": "سپرد",
    "ترس": "ترسید",
    "لرز": "لرزید",
    "سوز": "سوخت",
    "ریز": "ریخت",
    "افت": "افتاد",
    "گند": "گندید",
}
VERB_PREFIXES = ("", "می", "نمی", "ب", "ن", "بی")
VERB_ENDINGS = ("م", "ی", "ه", "د", "یم", "ید", "ین", "ن", "ند", "ش", "مش", "شون", "یمش", "ینش")
PAST_ENDINGS = ("", "م", "ی", "یم", "ید", "ین", "ن", "ند", "ه", "ن")

# Longest first. Safe ones may leave two letters, the others three.
SAFE_SUFFIXES = tuple(
    """
    هایشان هایمان هایتان هاشون هامون هاتون هایش هایم هایت هایی ترین های هاش هام هات مون تون شون مان تان
    شان ها
    """.split(),
)
SUFFIXES = tuple(
    """
    اتون امون اشون مونو تونو شونو ستین ستید ستن یین ایی یش یم یت یه یو یا ان ات ای ام اش ید ین اس ست تر
    مو شو تو رو وی ه ی م ت ش و ا ن س
    """.split(),
)
PREFIXES = ("می", "نمی", "ب", "ن")

# Small words that are written onto the next one.
GLUED_ON = frozenset("می نمی به از در چه هر این ان بی هم".split())
# Letters taken for each other: beside each other on the keyboard, of one shape, of one sound.
_ROWS = ("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو")
MIXED_LETTERS = (
    *(row[i : i + 2] for row in _ROWS for i in range(len(row) - 1)),
    *(upper[i] + lower[i] for upper, lower in (_ROWS[:2], _ROWS[1:]) for i in range(len(lower))),
    *(upper[i + 1] + lower[i] for upper, lower in (_ROWS[:2], _ROWS[1:]) for i in range(len(lower))),
    *"بپتث جچحخ دذ رزژ سش صض طظ عغ فق کگ سصث زذضظ تط حه غق عا".split(),
)

# Spelled as they are spoken.
SPOKEN_ENDINGS = (("ون", "ان"), ("ونه", "انه"), ("ونی", "انی"), ("ونا", "انها"), ("وم", "ام"))

GREETINGS = frozenset(
    """
    سلام درود علیکم علیک سلامون وقت وقتتون روز روزتون صبح صبحتون عصر عصرتون شب شبتون ظهر ظهرتون بخیر خوش
    بخیرو شما و به عرض ادب احترام خسته نباشید نباشین نباشی خوبین خوبید خوبی حالتون چطوره چطورین خدا قوت
    ببخشید اقا خانم دوستان عزیز گرامی جان همگی لطفا لطفن مزاحم شدم مزاحمتون میشم ارادت salam slm dorood
    hi hello khaste nabashid nabashin vaght vaghtetoon bekheir bekhair sobh rooz
    """.split(),
)
THANKS = frozenset(
    "ممنون مرسی تشکر سپاس متشکرم متشکر ممنونم سپاسگزارم ممنونتون باتشکر با merc mersi mamnoon mamnun tnx thanks".split()
)

# Foreign text: words that neither Persian nor Finglish has.
ENGLISH = frozenset(
    """
    the is are was were what where when how who why which you your my me we our i am it this that there
    and or of to for with from on at in do does did can could would please hello good morning evening
    night nice meet thank thanks office open closed help want need have has a an be not no yes bot hi
    hey love like speak english know tell about any some get much many time day today tomorrow working
    hours address phone number email city hall municipality complain complaint street
    """.split(),
)
ARABIC = frozenset(
    """
    هل این کیف متی ما ماذا لماذا من الی علی فی عن هذا هذه ذلک انا انت نحن هو هی لا نعم ارید اريد یمکن
    شکرا السلام علیکم مرحبا اهلا حالک کم ساعه البلدیه صباح مساء الخیر کان لیس عند لدی
    """.split(),
)
ARABIC_ONLY = ARABIC - frozenset("این من ما لا هو هی عن کم علی انا انت السلام علیکم صباح کان لیس".split())
