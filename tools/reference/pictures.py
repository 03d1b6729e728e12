"""Makes the test pictures of package dev.graft.data and the pixels Pillow and torchvision make of them.

    python3 tools/reference/pictures.py        # Pillow 9.4, torchvision 0.14.1, numpy

With GRAFT_SHARED set, also every 16th pixel of 20 shared photographs after Resize(256), CenterCrop(224): photographs.bin,
unsigned bytes [20, 3, 14, 14], of imagenet_samples sorted by name. The photographs themselves are not in the project.

Each picture NAME gets expected/NAME.bin: two squares of unsigned bytes [3, 32, 32], first the whole picture stretched,
then Resize(36) and CenterCrop(32). Orientation is applied, transparency laid over white, 16 bits scaled to 8.
Some, and the photographs, get the same with bicubic resizing in expected/bicubic.
"""

import os
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageOps
from torchvision.transforms import functional as F

OUT = Path(__file__).parents[2] / "graft-runtime/src/fixtures/resources/dev/graft/data/pictures"
SIZE, RESIZE = 32, 36
# Shrinking, growing, one side of each, a single pixel, black and white that overshoot, decoded at an eighth.
BICUBIC = ("rgb.png", "rgb.bmp", "text.ppm", "tall.png", "pixel.png", "bilevel.png", "exif6.png", "large.jpg")


def scene(width=97, height=61):
    """A picture without any symmetry: gradients, a disc, a bar, stripes."""
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([255 * x / width, 255 * y / height, 127 + 100 * np.sin(x / 9.0 + y / 5.0)], axis=2)
    image = Image.fromarray(pixels.astype(np.uint8))
    draw = ImageDraw.Draw(image)
    draw.ellipse([width * 0.1, height * 0.1, width * 0.4, height * 0.6], fill=(230, 40, 30))
    draw.rectangle([width * 0.6, height * 0.7, width * 0.95, height * 0.85], fill=(20, 60, 220))
    for i in range(4):
        draw.line([width * 0.7 + 4 * i, 3, width * 0.55 + 4 * i, height * 0.5], fill=(250, 250, 10))
    return image


def with_alpha(image):
    width, height = image.size
    y, x = np.mgrid[0:height, 0:width]
    alpha = np.clip(255 * (x + 2 * y) / (width + height), 0, 255).astype(np.uint8)
    alpha[:8, :8] = 0
    result = image.copy()
    result.putalpha(Image.fromarray(alpha))
    return result


def upright_rgb(image):
    """What every reader should see."""
    if image.format == "TIFF":
        image.load()  # turns it already
    else:
        image = ImageOps.exif_transpose(image)
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def planes(image):
    return np.asarray(image, dtype=np.uint8).transpose(2, 0, 1).tobytes()


def expect(name, image):
    (OUT / "expected" / f"{name}.bin").write_bytes(squares(image, F.InterpolationMode.BILINEAR))
    if name in BICUBIC:
        (OUT / "expected/bicubic" / f"{name}.bin").write_bytes(squares(image, F.InterpolationMode.BICUBIC))


def squares(image, interpolation):
    stretched = F.resize(image, [SIZE, SIZE], interpolation)
    cropped = F.center_crop(F.resize(image, RESIZE, interpolation), SIZE)
    return planes(stretched) + planes(cropped)


def save(name, image, **options):
    path = OUT / name
    image.save(path, **options)
    expect(name, upright_rgb(Image.open(path)))


def write(name, content, seen):
    """A file Pillow cannot write or reads otherwise than it should; the picture is given."""
    (OUT / name).write_bytes(content)
    expect(name, seen)


def png16(samples):
    """A PNG of 16 bits a sample."""
    height, width, channels = samples.shape
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)

    def chunk(chunk_name, data):
        return struct.pack(">I", len(data)) + chunk_name + data + struct.pack(">I", zlib.crc32(chunk_name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def orientation(value):
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


def jpegs(image):
    save("baseline.jpg", image, quality=90)
    save("sampled444.jpg", image, quality=90, subsampling=0)
    save("progressive.jpg", image, quality=90, progressive=True)
    save("grey.jpg", image.convert("L"), quality=90)
    save("cmyk.jpg", image.convert("CMYK"), quality=90)
    save("large.jpg", scene(1203, 901), quality=60)
    save("pixel.jpg", Image.new("RGB", (1, 1), (200, 100, 50)), quality=95)
    for value in range(1, 9):
        save(f"exif{value}.jpg", image, quality=90, exif=orientation(value))


def pngs(image):
    save("rgb.png", image)
    save("alpha.png", with_alpha(image))
    save("grey.png", image.convert("L"))
    save("greyalpha.png", with_alpha(image).convert("LA"))
    save("palette.png", image.quantize(64))
    save("palettealpha.png", image.quantize(64), transparency=3)
    save("bilevel.png", image.convert("1"))
    save("exif6.png", image, exif=orientation(6))
    save("pixel.png", Image.new("RGB", (1, 1), (10, 20, 30)))
    save("tall.png", scene(3, 200))
    y, x = np.mgrid[0:61, 0:97]
    deep = np.stack([x * 675, y * 1074, (x + y) * 414], axis=2)
    seen = Image.fromarray(np.rint(deep / 257).astype(np.uint8))
    write("rgb16.png", png16(deep), seen)
    write("grey16.png", png16(deep[:, :, :1]), seen.getchannel(0).convert("RGB"))
    return deep, seen


def webps(image):
    save("lossy.webp", image, quality=90)
    save("lossless.webp", image, lossless=True)
    save("alpha.webp", with_alpha(image), quality=90)
    save("exif6.webp", image, quality=90, exif=orientation(6))
    save("animated.webp", image, save_all=True, append_images=[ImageOps.invert(image)], quality=90)


def gifs(image):
    save("plain.gif", image.quantize(64))
    save("transparent.gif", image.quantize(64), transparency=3)
    frames = [ImageOps.invert(image).quantize(64)]
    save("animated.gif", image.quantize(64), save_all=True, append_images=frames, duration=100)


def pnms(image, deep, seen):
    save("rgb.ppm", image)
    save("grey.pgm", image.convert("L"))
    save("bilevel.pbm", image.convert("1"))
    first = deep[:, :, 0]
    grey = seen.getchannel(0).convert("RGB")
    write("grey16.pgm", b"P5\n# sixteen bits\n97 61\n65535\n" + first.astype(">u2").tobytes(), grey)
    hundred = np.rint(np.asarray(image.convert("L")) / 2.55).astype(np.uint8)
    back = Image.fromarray(np.rint(hundred * 2.55).astype(np.uint8)).convert("RGB")
    write("hundred.pgm", b"P5 97 61 100\n" + hundred.tobytes(), back)
    small = image.resize((12, 9))
    text = " ".join(str(v) for v in np.asarray(small).ravel())
    write("text.ppm", f"P3\n12 9\n255\n{text}\n".encode(), small)


def tiffs(image, deep, seen):
    save("rgb.tif", image)
    save("lzw.tif", image, compression="tiff_lzw")
    save("deflate.tif", image, compression="tiff_adobe_deflate")
    save("grey.tif", image.convert("L"), compression="tiff_lzw")
    save("palette.tif", image.quantize(64), compression="tiff_lzw")
    save("alpha.tif", with_alpha(image), compression="tiff_lzw")
    save("cmyk.tif", image.convert("CMYK"), compression="tiff_lzw")
    save("bilevel.tif", image.convert("1"), compression="group4")
    path = OUT / "grey16.tif"
    Image.fromarray(deep[:, :, 0].astype(np.uint16)).save(path, compression="tiff_lzw")
    expect("grey16.tif", seen.getchannel(0).convert("RGB"))
    for value in (2, 6):
        save(f"exif{value}.tif", image, compression="tiff_lzw", tiffinfo={0x0112: value})


def bmps(image):
    save("rgb.bmp", image.resize((33, 21)))
    save("palette.bmp", image.quantize(64))
    save("bilevel.bmp", image.convert("1"))


def photographs(folder, interpolation, expected):
    squares = []
    for path in sorted(folder.glob("*.jpg"))[:20]:
        image = upright_rgb(Image.open(path))
        square = F.center_crop(F.resize(image, 256, interpolation), 224)
        squares.append(np.asarray(square).transpose(2, 0, 1)[:, ::16, ::16])
    (expected / "photographs.bin").write_bytes(np.stack(squares).tobytes())


def main():
    (OUT / "expected/bicubic").mkdir(parents=True, exist_ok=True)
    image = scene()
    jpegs(image)
    deep, seen = pngs(image)
    webps(image)
    gifs(image)
    pnms(image, deep, seen)
    tiffs(image, deep, seen)
    bmps(image)
    if "GRAFT_SHARED" in os.environ:
        folder = Path(os.environ["GRAFT_SHARED"]) / "data/imagenet_samples"
        photographs(folder, F.InterpolationMode.BILINEAR, OUT / "expected")
        photographs(folder, F.InterpolationMode.BICUBIC, OUT / "expected/bicubic")


main()
