"""The networks. Every one ends in a 1x1 convolution, so that its class activation map comes for free."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# How often, and how strongly, two images of a batch exchange the style (mean and deviation) of their early features.
MIX_STYLE_RATE, MIX_STYLE_BETA = 0.5, 0.3
CONTRAST_WINDOW = 31


class Block(nn.Module):
    """Two 3x3 convolutions and a shortcut (He et al. 2016)."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
        )

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.first_norm(self.first(x)))
        return F.relu(self.second_norm(self.second(y)) + self.shortcut(x))


def mix_style(x: Tensor) -> Tensor:
    """Mixes feature mean and deviation between images of a batch (MixStyle, Zhou et al. 2021)."""
    mean = x.mean(dim=(2, 3), keepdim=True)
    deviation = (x.var(dim=(2, 3), keepdim=True) + 1e-6).sqrt()
    mean, deviation = mean.detach(), deviation.detach()
    share = torch.distributions.Beta(MIX_STYLE_BETA, MIX_STYLE_BETA).sample((len(x), 1, 1, 1)).to(x.dtype)
    other = torch.randperm(len(x))
    new_mean = share * mean + (1 - share) * mean[other]
    new_deviation = share * deviation + (1 - share) * deviation[other]
    return (x - mean) / deviation * new_deviation + new_mean


def local_contrast(x: Tensor) -> Tensor:
    """Divides the difference to the local mean by the local deviation: what smooth exposure and tone cannot change."""
    centered = x - local_mean(x)
    return centered / (local_mean(centered * centered) + 0.01).sqrt()


def local_mean(x: Tensor) -> Tensor:
    """Mean over a square window with mirrored edges, one axis after the other."""
    pad = CONTRAST_WINDOW // 2
    x = F.pad(x, (pad, pad, pad, pad), mode="reflect")
    return F.avg_pool2d(F.avg_pool2d(x, (CONTRAST_WINDOW, 1), stride=1), (1, CONTRAST_WINDOW), stride=1)


class ResNet(nn.Module):
    """Two blocks a stage; `widths` and `strides` have one entry a stage. The stem divides the resolution by 4."""

    def __init__(self, widths: tuple[int, ...], strides: tuple[int, ...], classes: int, contrast: bool, dropout: float) -> None:
        super().__init__()
        self.contrast = contrast
        self.stem = nn.Sequential(
            nn.Conv2d(1, widths[0], 7, 2, 3, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU(), nn.MaxPool2d(3, 2, 1)
        )
        inputs = (widths[0], *widths[:-1])
        self.stages = nn.ModuleList(
            nn.Sequential(Block(i, w, s), Block(w, w, 1)) for i, w, s in zip(inputs, widths, strides)
        )
        self.dropout = nn.Dropout2d(dropout)
        self.classifier = nn.Conv2d(widths[-1], classes, 1)

    def stage_outputs(self, x: Tensor) -> list[Tensor]:
        """Features after each stage."""
        x = self.stem(local_contrast(x) if self.contrast else x)
        outputs = []
        for index, stage in enumerate(self.stages):
            x = stage(x)
            outputs.append(x)
            if self.training and index < 2 and torch.rand(()) < MIX_STYLE_RATE:
                x = mix_style(x)
        return outputs

    def forward(self, x: Tensor) -> Tensor:
        """Logits [n, classes]."""
        features = self.stage_outputs(x)[-1]
        return self.classifier(self.dropout(features)).mean(dim=(2, 3))


def cxr_net(contrast: bool) -> ResNet:
    """One member of the pneumonia model, 2.8 million parameters, map at 1/16 of the input."""
    return ResNet((32, 64, 128, 256), (1, 2, 2, 1), classes=3, contrast=contrast, dropout=0.2)


def body_part_net(classes: int) -> ResNet:
    """The body-part model, 0.4 million parameters."""
    return ResNet((16, 32, 48, 96), (1, 2, 2, 1), classes=classes, contrast=False, dropout=0.1)


class Package(nn.Module):
    """The exported graph: the members' average, and how far the image lies from what they were trained on.

    `ood` is half the log of the mean squared whitened distance between the pooled features of the last three stages and
    the nearest class center (Mahalanobis distance, Lee et al. 2018), averaged over the members.
    """

    def __init__(self, members: list[ResNet]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        for index, member in enumerate(members):
            size = sum(stage[1].second.out_channels for stage in list(member.stages)[1:])
            self.register_buffer(f"centers_{index}", torch.zeros(member.classifier.out_channels, size))
            self.register_buffer(f"whitening_{index}", torch.eye(size))

    @staticmethod
    def pooled(outputs: list[Tensor]) -> Tensor:
        """Mean features of the last three stages, [n, size]."""
        return torch.cat([output.mean(dim=(2, 3)) for output in outputs[1:]], dim=1)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits [n, classes], class activation map [n, classes, h, w], out-of-distribution score [n]."""
        maps, biases, scores = [], [], []
        for index, member in enumerate(self.members):
            outputs = member.stage_outputs(image)
            weight, bias = member.classifier.weight, member.classifier.bias
            maps.append(F.conv2d(outputs[-1], weight))
            biases.append(bias)
            scores.append(self.distance(index, self.pooled(outputs)))
        cam = torch.stack(maps).mean(dim=0)
        logits = cam.mean(dim=(2, 3)) + torch.stack(biases).mean(dim=0)
        return logits, cam, torch.stack(scores).mean(dim=0)

    def distance(self, index: int, features: Tensor) -> Tensor:
        """Half the log of the mean squared whitened distance to the nearest center, [n]."""
        whitening = getattr(self, f"whitening_{index}")
        white = features @ whitening
        centers = getattr(self, f"centers_{index}") @ whitening
        squares = (white[:, None, :] - centers[None]).square().mean(dim=2)
        return 0.5 * torch.log(squares.min(dim=1).values + 1e-6)
