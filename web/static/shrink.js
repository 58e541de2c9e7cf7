// Makes big photos small before they go up: it saves the visitor's data, and where the photo was taken is not sent along.

const longestSide = 2048;
const smallEnough = 400_000; // bytes; below that it is not worth the work
const quality = 0.85;

// A photo as JPEG, or the file as it is where that fails or gains nothing. → {blob, width, height}
export async function shrunk(file) {
  if (!/^image\/(jpeg|png|webp|hei[cf]|bmp|avif)$/.test(file.type)) return { blob: file };
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    const scale = Math.min(1, longestSide / Math.max(width, height));
    if (scale === 1 && file.size < smallEnough && /jpeg|png|webp/.test(file.type)) return { blob: file, width, height };
    const blob = await drawn(bitmap, Math.round(width * scale), Math.round(height * scale));
    return blob && blob.size < file.size ? { blob, width: width * scale, height: height * scale } : { blob: file, width, height };
  } catch {
    return { blob: file };
  }
}

function drawn(bitmap, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // JPEG knows no transparency
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}
