"""Images that are no radiograph: what teaches the body-part model to say "none of these".

Every maker returns float [size, size], 0..1. The sizes vary, so that resampling to the model's input does too.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from preprocess import stretch

LETTERS = list("abcdefghijklmnopqrstuvwxyz0123456789")

Maker = Callable[[np.random.Generator, int], np.ndarray]


def unit(x: np.ndarray) -> np.ndarray:
    """Scales to 0..1."""
    return (x - x.min()) / (np.ptp(x) + 1e-9)


def power_noise(rng: np.random.Generator, size: int) -> np.ndarray:
    """Noise with a spectrum of 1/f^a: white at a = 0, clouds at a = 3."""
    fy, fx = np.fft.fftfreq(size)[:, None], np.fft.fftfreq(size)[None]
    radius = np.hypot(fy * np.exp(rng.normal(0, 0.5)), fx) + 1 / size
    spectrum = np.fft.fft2(rng.normal(size=(size, size))) / radius ** rng.uniform(0, 2.5)
    return unit(np.fft.ifft2(spectrum).real) ** np.exp(rng.normal(0, 0.4))


def flat(rng: np.random.Generator, size: int) -> np.ndarray:
    """One gray, a ramp, or either with faint noise."""
    y, x = np.mgrid[:size, :size] / size
    ramp = rng.normal() * x + rng.normal() * y + rng.normal() * (x - 0.5) ** 2
    image = np.full((size, size), rng.random()) if rng.random() < 0.3 else unit(ramp)
    return np.clip(image + rng.normal(0, 0.05 * rng.integers(0, 2), (size, size)), 0, 1)


def gratings(rng: np.random.Generator, size: int) -> np.ndarray:
    """Stripes, checks and rings."""
    y, x = np.mgrid[:size, :size] / size - 0.5
    angle, waves = rng.uniform(0, np.pi), rng.uniform(2, 25)
    wave = np.sin(2 * np.pi * waves * (x * np.cos(angle) + y * np.sin(angle)) + rng.uniform(0, 6))
    kind = rng.integers(3)
    if kind == 1:
        wave = wave * np.sin(2 * np.pi * waves * (x * np.sin(angle) - y * np.cos(angle)))
    if kind == 2:
        wave = np.sin(2 * np.pi * waves * np.hypot(x - rng.normal(0, 0.2), y - rng.normal(0, 0.2)))
    return unit(np.sign(wave) if rng.random() < 0.4 else wave)


def shapes(rng: np.random.Generator, size: int) -> np.ndarray:
    """Random ellipses, boxes, polygons and lines on a plain or cloudy ground."""
    ground = power_noise(rng, size) * 0.5 if rng.random() < 0.5 else np.full((size, size), rng.random() * rng.integers(0, 2))
    image = Image.fromarray((ground * 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 14)):
        x0, y0 = rng.uniform(-0.2, 0.9, 2) * size
        x1, y1 = x0 + rng.uniform(0.03, 0.8) * size, y0 + rng.uniform(0.03, 0.8) * size
        fill = int(rng.integers(0, 256))
        kind = rng.integers(4)
        if kind == 0:
            draw.ellipse((x0, y0, x1, y1), fill=fill)
        elif kind == 1:
            draw.rectangle((x0, y0, x1, y1), fill=fill)
        elif kind == 2:
            draw.polygon([tuple(p) for p in rng.uniform(0, size, (int(rng.integers(3, 7)), 2))], fill=fill)
        else:
            draw.line((x0, y0, x1, y1), fill=fill, width=int(rng.integers(1, 8)))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 3)))) / 255.0


def scene(rng: np.random.Generator, size: int) -> np.ndarray:
    """Photograph-like: overlapping textured surfaces with shading, as in a picture of a room or a landscape."""
    image = power_noise(rng, size) * rng.uniform(0.2, 1)
    for _ in range(rng.integers(2, 9)):
        mask = Image.new("L", (size, size))
        corners = rng.uniform(-0.3, 1.3, 2) * size + rng.normal(0, 0.3 * size, (int(rng.integers(3, 8)), 2))
        ImageDraw.Draw(mask).polygon([tuple(p) for p in corners], fill=255)
        share = np.asarray(mask) / 255.0
        surface = np.clip(rng.random() + rng.uniform(0, 0.6) * (power_noise(rng, size) - 0.5) + 0.3 * (flat(rng, size) - 0.5), 0, 1)
        image = image * (1 - share) + surface * share
    return image


def page(rng: np.random.Generator, size: int) -> np.ndarray:
    """A page or screen of text."""
    dark = rng.random() < 0.4
    image = Image.new("L", (size, size), int(rng.integers(0, 50) if dark else rng.integers(200, 256)))
    draw = ImageDraw.Draw(image)
    for y in range(int(rng.integers(0, 15)), size, int(rng.integers(11, 24))):
        words = " ".join("".join(rng.choice(LETTERS, rng.integers(2, 9))) for _ in range(rng.integers(0, 9)))
        draw.text((int(rng.integers(0, size // 3)), y), words, fill=int(rng.integers(180, 256) if dark else rng.integers(0, 90)))
    return np.asarray(image) / 255.0


def speckle(rng: np.random.Generator, size: int) -> np.ndarray:
    """Layered tissue under Rayleigh speckle, in a box or a sector."""
    depth = np.linspace(0, 1, size)[:, None]
    layers = np.interp(depth + 0.1 * power_noise(rng, size), np.linspace(0, 1.1, 9), rng.random(9) ** 2)
    image = layers * rng.rayleigh(0.6, (size, size)) * np.exp(-rng.uniform(0, 2) * depth)
    if rng.random() < 0.4:
        x = np.linspace(-1, 1, size)[None]
        image = image * ((np.abs(x) < 0.2 + 0.8 * depth) & (np.hypot(x, depth) < 1))
    return np.clip(image, 0, 1)


MAKERS: tuple[Maker, ...] = (power_noise, flat, gratings, shapes, shapes, scene, scene, page, speckle)


def synthetic_images(seed: int, count: int, size: int) -> np.ndarray:
    """`count` images of all kinds at the model's input size, uint8 [count, size, size]."""
    rng = np.random.default_rng(seed)
    images = []
    for index in range(count):
        image = MAKERS[index % len(MAKERS)](rng, int(rng.integers(64, 257)))
        images.append((stretch(image, size, size) * 255).round().clip(0, 255))
    return np.stack(images).astype(np.uint8)


def misused(rng: np.random.Generator, pixels: np.ndarray) -> np.ndarray:
    """Radiographs in a state that no model may read, uint8 like `pixels` [n, size, size].

    By turns: shuffled tiles, inverted gray, lying or upside down, and a small detail filling the frame.
    """
    size = pixels.shape[1]
    made = []
    for index, image in enumerate(pixels):
        kind = index % 4
        if kind == 0:
            made.append(shuffle_tiles(rng, image))
        elif kind == 1:
            made.append(255 - image)
        elif kind == 2:
            made.append(np.rot90(image, int(rng.integers(1, 4))))
        else:
            side = int(rng.uniform(0.2, 0.38) * size)
            top, left = rng.integers(0, size - side, 2)
            made.append(stretch(image[top : top + side, left : left + side], size, size).round())
    return np.stack(made).astype(np.uint8)


def shuffle_tiles(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """Cuts an image into 4, 9 or 16 tiles and puts them back in another order."""
    cuts = int(rng.integers(2, 5))
    side = image.shape[0] // cuts
    tiles = [image[y * side : (y + 1) * side, x * side : (x + 1) * side] for y in range(cuts) for x in range(cuts)]
    order = np.roll(rng.permutation(len(tiles)), 1)
    rows = [np.concatenate([tiles[i] for i in order[y * cuts : (y + 1) * cuts]], axis=1) for y in range(cuts)]
    return stretch(np.concatenate(rows), *image.shape).round().astype(np.uint8)
