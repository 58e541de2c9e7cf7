// Files not yet sent survive a reload here. A browser that keeps nothing (a private window) forgets them, and nothing else fails.

const dayLong = 24 * 3600 * 1000;

const opened = new Promise((resolve) => {
  try {
    const asked = indexedDB.open("unsent", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("files", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
  } catch {
    resolve(null);
  }
});

async function ask(mode, work) {
  const database = await opened;
  if (!database) return undefined;
  return new Promise((resolve) => {
    try {
      const transaction = database.transaction("files", mode);
      const request = work(transaction.objectStore("files"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => resolve(undefined); // no room, most likely
    } catch {
      resolve(undefined);
    }
  });
}

// {id, at, blob, name, kind, width, height, info}
export const keep = (file) => ask("readwrite", (files) => files.put(file));
export const kept = (id) => ask("readonly", (files) => files.get(id));
export const forget = (id) => ask("readwrite", (files) => files.delete(id));
export const forgetAll = () => ask("readwrite", (files) => files.clear());

// What tabs that were closed have left behind.
export async function sweep(now = Date.now()) {
  for (const file of (await ask("readonly", (files) => files.getAll())) ?? []) if (now - file.at > dayLong) forget(file.id);
}
