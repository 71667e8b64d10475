"""Domain randomization of radiographs: everything about an acquisition that is not anatomy or disease is varied at random.

Works on batches: uint8 pixels [n, height, width] in, standardized float32 [n, 1, size, size] out. Tone is one lookup table
an image, geometry is one affine resampling, and markers, wires, borders and cut-outs are drawn over the result without
regard to the class, so that none of them tells the class.
"""

import io

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor
from torch.nn import functional as F

LEVELS = np.arange(256) / 255.0
OVERLAY_COUNT, OVERLAY_SIZE = 96, 224


def histograms(pixels: np.ndarray) -> np.ndarray:
    """Cumulative histogram of each image, float [n, 256]."""
    counts = np.stack([np.bincount(image.ravel(), minlength=256) for image in pixels])
    return np.cumsum(counts, axis=1) / pixels[0].size


def random_curve(rng: np.random.Generator, strength: float) -> np.ndarray:
    """A monotone tone curve through random knots, float [256]."""
    steps = np.exp(rng.normal(0, 0.5 * strength, 6))
    knots = np.concatenate([[0], np.cumsum(steps)]) / steps.sum()
    curve = np.interp(LEVELS, np.linspace(0, 1, 7), knots)
    return curve ** np.exp(rng.normal(0, 0.3 * strength))


def tone_table(rng: np.random.Generator, source: np.ndarray, reference: np.ndarray, strength: float) -> np.ndarray:
    """One image's lookup table: part of a match to another image's histogram, a random curve, clipped ends."""
    table = LEVELS
    if rng.random() < 0.35 * strength:
        share = rng.uniform(0.2, 0.9)
        table = (1 - share) * table + share * np.interp(source, reference, LEVELS)
    if rng.random() < 0.8 * strength:
        table = np.interp(table, LEVELS, random_curve(rng, strength))
    if rng.random() < 0.4 * strength:
        low, high = rng.uniform(-0.1, 0.15), rng.uniform(0.8, 1.1)
        table = np.clip((table - low) / (high - low), 0, 1)
    return table


def affine(rng: np.random.Generator, count: int, strength: float) -> Tensor:
    """Random maps [count, 2, 3] from output to input: turn, zoom, aspect, shear, shift, left-right flip."""
    angle = np.deg2rad(rng.uniform(-12, 12, count) * strength)
    zoom = np.exp(rng.uniform(-0.28, 0.14, count) * strength)
    aspect = np.exp(rng.uniform(-0.2, 0.2, count) * strength)
    shear = rng.uniform(-0.1, 0.1, count) * strength
    flip = np.where(rng.random(count) < 0.5, -1, 1)
    shift = rng.uniform(-0.09, 0.09, (2, count)) * strength
    x, y = zoom * aspect, zoom / aspect
    rows = [[flip * x * np.cos(angle), y * (shear - np.sin(angle)), shift[0]], [flip * x * np.sin(angle), y * np.cos(angle), shift[1]]]
    return torch.tensor(np.array(rows).transpose(2, 0, 1), dtype=torch.float32)


def overlay_bank(seed: int) -> Tensor:
    """Marker letters near the borders, leads and lines, clips: masks 0..1, [OVERLAY_COUNT, size, size]."""
    rng = np.random.default_rng(seed)
    masks = []
    for index in range(OVERLAY_COUNT):
        image = Image.new("L", (OVERLAY_SIZE, OVERLAY_SIZE))
        if index % 3 == 2:
            draw_lines(ImageDraw.Draw(image), rng)
        else:
            draw_marker(image, rng)
        masks.append(np.asarray(image) / 255.0)
    return torch.tensor(np.stack(masks), dtype=torch.float32)


def draw_marker(image: Image.Image, rng: np.random.Generator) -> None:
    """One to three short letter groups of random size near the border."""
    for _ in range(rng.integers(1, 4)):
        text = "".join(rng.choice(list("RLAPDEKV0123"), rng.integers(1, 4)))
        tile = Image.new("L", (8 * len(text), 12))
        ImageDraw.Draw(tile).text((1, 0), text, fill=int(rng.integers(130, 256)))
        factor = rng.uniform(0.7, 2.0)
        tile = tile.resize((max(4, int(tile.width * factor)), max(6, int(tile.height * factor))), Image.BILINEAR)
        edge, along = int(rng.integers(0, 30)), int(rng.integers(0, OVERLAY_SIZE - 20))
        side = rng.integers(4)
        far = OVERLAY_SIZE - edge - 20
        image.paste(tile, [(edge, along), (far, along), (along, edge), (along, far)][side])


def draw_lines(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """Smooth leads and tubes, electrode discs."""
    for _ in range(rng.integers(1, 4)):
        points = rng.uniform(-20, OVERLAY_SIZE + 20, (4, 2))
        t = np.linspace(0, 1, 40)[:, None]
        curve = (1 - t) ** 3 * points[0] + 3 * t * (1 - t) ** 2 * points[1] + 3 * t**2 * (1 - t) * points[2] + t**3 * points[3]
        draw.line([tuple(p) for p in curve], fill=int(rng.integers(60, 200)), width=int(rng.integers(1, 4)))
        if rng.random() < 0.5:
            x, y, r = *points[3], rng.uniform(3, 8)
            draw.ellipse((x - r, y - r, x + r, y + r), fill=int(rng.integers(80, 220)))


def smooth_field(generator: torch.Generator, count: int, cells: int, size: int) -> Tensor:
    """Slowly varying random field, standard normal at its knots, [count, 1, size, size]."""
    knots = torch.randn((count, 1, cells, cells), generator=generator)
    return F.interpolate(knots, size=(size, size), mode="bicubic", align_corners=True)


def box_blur(x: Tensor, window: int, times: int) -> Tensor:
    """Repeated box filter with mirrored edges, one axis after the other."""
    pad = window // 2
    for _ in range(times):
        x = F.avg_pool2d(F.pad(x, (pad, pad, pad, pad), mode="reflect"), (window, 1), stride=1)
        x = F.avg_pool2d(x, (1, window), stride=1)
    return x


class Augmenter:
    """Random views of one set of radiographs. `strength` 1 trains; lower values perturb a validation set."""

    def __init__(self, pixels: np.ndarray, size: int, seed: int, strength: float = 1.0) -> None:
        self.pixels, self.size, self.strength = pixels, size, strength
        self.cumulative = histograms(pixels)
        self.rng = np.random.default_rng(seed)
        self.generator = torch.Generator().manual_seed(seed)
        self.overlays = overlay_bank(seed)

    def __call__(self, index: np.ndarray) -> Tensor:
        """Random views of the images `index`, [n, 1, size, size]."""
        x = self.warp(self.tone(index))
        x = self.texture(self.exposure(x))
        for draw in (self.overlay, self.borders, self.cut_out):
            x = draw(x)
        mean = x.mean(dim=(1, 2, 3), keepdim=True)
        deviation = x.std(dim=(1, 2, 3), keepdim=True, unbiased=False)
        return (x - mean) / (deviation + 1e-6)

    def tone(self, index: np.ndarray) -> Tensor:
        """The images through one random lookup table each, [n, 1, height, width]."""
        references = self.rng.integers(0, len(self.pixels), len(index))
        tables = (tone_table(self.rng, self.cumulative[i], self.cumulative[r], self.strength) for i, r in zip(index, references))
        images = [table.astype(np.float32)[self.pixels[i]] for table, i in zip(tables, index)]
        return torch.from_numpy(np.stack(images))[:, None]

    def warp(self, x: Tensor) -> Tensor:
        """One random affine map each, resampled to the output size."""
        maps = affine(self.rng, len(x), self.strength)
        grid = F.affine_grid(maps, [len(x), 1, self.size, self.size], align_corners=False)
        padding = "zeros" if self.rng.random() < 0.5 else "border"
        return F.grid_sample(x, grid, padding_mode=padding, align_corners=False)

    def chosen(self, count: int, rate: float) -> Tensor:
        """A random subset of a batch, int64 indices."""
        return torch.from_numpy(np.flatnonzero(self.rng.random(count) < rate * self.strength))

    def exposure(self, x: Tensor) -> Tensor:
        """Uneven exposure, and stronger or weaker local contrast as of adaptive equalization."""
        some = self.chosen(len(x), 0.3)
        if len(some):
            x[some] = x[some] * torch.exp(0.25 * self.strength * smooth_field(self.generator, len(some), 3, self.size))
        some = self.chosen(len(x), 0.35)
        if len(some):
            amount = torch.from_numpy(self.rng.uniform(-0.4, 1.5, (len(some), 1, 1, 1))).float() * self.strength
            small = F.interpolate(x[some], scale_factor=0.25, mode="area")
            small = box_blur(small, int(self.rng.choice([3, 7, 11])), 2)
            blurred = F.interpolate(small, size=x.shape[2:], mode="bilinear", align_corners=False)
            x[some] = (x[some] + amount * (x[some] - blurred)).clamp(0, 1)
        return x

    def texture(self, x: Tensor) -> Tensor:
        """Resolution, noise and JPEG: what differs between detectors and archives."""
        some = self.chosen(len(x), 0.2)
        if len(some):
            x[some] = box_blur(x[some], 3, int(self.rng.integers(1, 4)))
        some = self.chosen(len(x), 0.15)
        if len(some):
            small = F.interpolate(x[some], scale_factor=float(self.rng.uniform(0.4, 0.8)), mode="area")
            x[some] = F.interpolate(small, size=x.shape[2:], mode="bilinear", align_corners=False)
        some = self.chosen(len(x), 0.2)
        if len(some):
            x[some] = (2.5 * x[some] - 1.5 * box_blur(x[some], 3, 1)).clamp(0, 1)
        some = self.chosen(len(x), 0.35)
        if len(some):
            amount = torch.from_numpy(np.abs(self.rng.normal(0, 0.025, (len(some), 1, 1, 1)))).float()
            x[some] = (x[some] + amount * torch.randn(x[some].shape, generator=self.generator)).clamp(0, 1)
        for i in self.chosen(len(x), 0.12).tolist():
            x[i, 0] = jpeg(x[i, 0], int(self.rng.integers(25, 80)))
        return x

    def overlay(self, x: Tensor) -> Tensor:
        """Markers, leads and discs over some of the images."""
        some = self.chosen(len(x), 0.35)
        if len(some) == 0:
            return x
        masks = self.overlays[torch.from_numpy(self.rng.integers(0, OVERLAY_COUNT, len(some)))][:, None]
        masks = F.interpolate(masks, size=x.shape[2:], mode="bilinear", align_corners=False)
        x[some] = x[some] * (1 - masks) + masks
        return x

    def borders(self, x: Tensor) -> Tensor:
        """Collimation: a strip of one gray along up to four edges."""
        size = x.shape[-1]
        for i in self.chosen(len(x), 0.25).tolist():
            gray = float(self.rng.choice([0.0, 0.0, 0.05, 1.0, self.rng.random()]))
            left, right, top, bottom = (self.rng.integers(0, size // 9, 4) * (self.rng.random(4) < 0.5)).tolist()
            image = x[i, 0]
            image[:top], image[size - bottom :], image[:, :left], image[:, size - right :] = gray, gray, gray, gray
        return x

    def cut_out(self, x: Tensor) -> Tensor:
        """Hides up to two rectangles behind the image's mean."""
        size = x.shape[-1]
        for i in self.chosen(len(x), 0.5).tolist():
            for _ in range(int(self.rng.integers(1, 3))):
                height, width = self.rng.integers(size // 10, size // 3, 2)
                top, left = self.rng.integers(0, size - height), self.rng.integers(0, size - width)
                x[i, 0, top : top + height, left : left + width] = x[i].mean()
        return x


def jpeg(image: Tensor, quality: int) -> Tensor:
    """One image [height, width], 0..1, through lossy JPEG."""
    buffer = io.BytesIO()
    Image.fromarray((image.numpy() * 255).round().clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=quality)
    return torch.from_numpy(np.asarray(Image.open(buffer)).astype(np.float32) / 255)
