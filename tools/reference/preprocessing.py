"""
Writes preprocessing_*.json: resizing by torch, Keras 3's affine transforms restated in numpy, and the operations and
tables of torchvision's RandAugment and TrivialAugmentWide. The format is in README.md here.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torchvision.transforms import InterpolationMode, RandAugment, TrivialAugmentWide
from torchvision.transforms.autoaugment import _apply_op

from common import Numbers, tensor_json, write


def resize_case(name, shape, size, mode, crop=None):
    """crop: top, left, height, width of the part that is resized."""
    numbers = Numbers(name)
    picture = numbers.distinct(*shape).requires_grad_()
    top, left, height, width = crop or (0, 0, *shape[2:])
    part = picture[:, :, top : top + height, left : left + width]
    align = {"align_corners": False} if mode == "bilinear" else {}
    output = F.interpolate(part, size=size, mode=mode, **align)
    grad_output = numbers.distinct(*output.shape, low=-1, high=1)
    (output * grad_output).sum().backward()
    return {
        "name": name,
        "layer": "Resizing" if crop is None else "CroppingResizing",
        "size": list(size),
        "interpolation": "BILINEAR" if mode == "bilinear" else "NEAREST",
        "input": tensor_json(picture),
        "output": tensor_json(output),
        "grad_output": tensor_json(grad_output),
        "input_grad": tensor_json(picture.grad),
    }


def resizing():
    exact = "nearest-exact"
    return [
        resize_case("bilinear_larger", (2, 3, 4, 5), (9, 7), "bilinear"),
        resize_case("bilinear_smaller", (1, 2, 9, 10), (4, 3), "bilinear"),
        resize_case("bilinear_from_one_pixel", (1, 2, 1, 3), (3, 5), "bilinear"),
        resize_case("nearest_larger", (2, 3, 4, 5), (9, 7), exact),
        resize_case("nearest_smaller", (1, 2, 9, 10), (4, 3), exact),
        # Keras' smart_resize: of 5x9 the middle with aspect 1, of 9x4 that with aspect 3:4 (cut to 5 rows).
        resize_case("wide_to_square", (1, 2, 5, 9), (4, 4), "bilinear", crop=(0, 2, 5, 5)),
        resize_case("tall_to_4_3", (1, 2, 9, 4), (8, 6), exact, crop=(2, 0, 5, 4)),
    ]


def rotation_matrix(angle, height, width):
    """Keras' _compute_affine_matrix with the angle in radians, no shear, scale 1, about the middle."""
    cx, cy = 0.5 * (width - 1), 0.5 * (height - 1)
    a0, a1, b0, b1 = np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)
    return [a0, a1, cx - cx * a0 - cy * a1, b0, b1, cy - cx * b0 - cy * b1]


def zoom_matrix(zoom_height, zoom_width, height, width):
    return [zoom_width, 0, (width - 1) / 2 * (1 - zoom_width), 0, zoom_height, (height - 1) / 2 * (1 - zoom_height)]


def translation_matrix(down, right):
    return [1, 0, -right, 0, 1, -down]


def reflect(index, size):
    """Keras' _reflect_index_fixer."""
    period = 2 * size
    return (np.abs((2 * index + 1 + period) % (2 * period) - period) - 1) // 2


PLACES = {
    "CONSTANT": lambda index, size: np.clip(index, 0, size - 1),
    "NEAREST": lambda index, size: np.clip(index, 0, size - 1),
    "WRAP": lambda index, size: index % size,
    "REFLECT": reflect,
}


def neighbours(coordinate, interpolation):
    """(index, weight) of each pixel that is read along one axis."""
    if interpolation == "NEAREST":
        # Halves away from zero, as TensorFlow's and JAX'.
        return [((np.sign(coordinate) * np.floor(np.abs(coordinate) + 0.5)).astype(int), 1.0)]
    lower = np.floor(coordinate)
    return [(lower.astype(int), lower + 1 - coordinate), (lower.astype(int) + 1, coordinate - lower)]


def affine_transform(picture, matrix, fill_mode, fill_value, interpolation):
    """Keras' affine_transform through map_coordinates, of one picture [C, H, W], in double."""
    _, height, width = picture.shape
    a0, a1, a2, b0, b1, b2 = matrix
    y, x = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    output = np.zeros(picture.shape)
    for row, row_weight in neighbours(b0 * x + b1 * y + b2, interpolation):
        for column, column_weight in neighbours(a0 * x + a1 * y + a2, interpolation):
            place = PLACES[fill_mode]
            value = picture[:, place(row, height), place(column, width)]
            if fill_mode == "CONSTANT":
                inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
                value = np.where(inside, value, fill_value)
            output += row_weight * column_weight * value
    return output


def affine():
    height, width = 4, 5
    picture = Numbers("affine").distinct(2, height, width, low=0, high=255).numpy()
    maps = {
        "rotation": ([0.13], rotation_matrix(0.13 * 2 * np.pi, height, width)),
        "rotation_clockwise": ([-0.37], rotation_matrix(-0.37 * 2 * np.pi, height, width)),
        "zoom_out": ([0.7, 0.9], zoom_matrix(1.7, 1.9, height, width)),
        "zoom_in": ([-0.4, -0.2], zoom_matrix(0.6, 0.8, height, width)),
        "translation": ([0.35, -0.62], translation_matrix(0.35 * height, -0.62 * width)),
    }
    cases = []
    for name, (factors, matrix) in maps.items():
        for fill_mode in PLACES:
            for interpolation in ("BILINEAR", "NEAREST"):
                output = affine_transform(picture, matrix, fill_mode, 77.0, interpolation)
                cases.append({
                    "name": f"{name}_{fill_mode}_{interpolation}".lower(),
                    "map": name,
                    "factors": factors,
                    "fill_mode": fill_mode,
                    "fill_value": 77.0,
                    "interpolation": interpolation,
                    "output": tensor_json(torch.from_numpy(output)),
                })
    return {"input": tensor_json(torch.from_numpy(picture)), "cases": cases}


# For each of ours, torchvision's name and magnitudes. Turns by 45 degrees are left out where the middle of the picture
# lies between pixels: two are then equally near, and float32 noise decides.
OPERATIONS = {
    "IDENTITY": ("Identity", [0.0]),
    "SHEAR_X": ("ShearX", [0.29, -0.957]),
    "SHEAR_Y": ("ShearY", [0.7, -0.21]),
    "TRANSLATE_X": ("TranslateX", [3.7, -2.2]),
    "TRANSLATE_Y": ("TranslateY", [1.9, -5.0]),
    "ROTATE": ("Rotate", [22.5, -67.5, 90.0]),
    "BRIGHTNESS": ("Brightness", [0.33, -0.62]),
    "COLOR": ("Color", [0.96, -0.99]),
    "CONTRAST": ("Contrast", [0.87, -0.51]),
    "SHARPNESS": ("Sharpness", [0.99, -0.66]),
    "POSTERIZE": ("Posterize", [2.0, 7.0, 8.0]),
    "SOLARIZE": ("Solarize", [127.5, 255.0]),
    "AUTO_CONTRAST": ("AutoContrast", [0.0]),
    "EQUALIZE": ("Equalize", [0.0]),
}


def levels(name, *shape, low=0, high=256):
    return torch.from_numpy(Numbers(name).random.integers(low, high, size=shape, dtype=np.uint8))


def operation_case(picture_name, picture, operation, magnitude, interpolation="NEAREST", fill=None):
    name, _ = OPERATIONS[operation]
    mode = InterpolationMode.NEAREST if interpolation == "NEAREST" else InterpolationMode.BILINEAR
    # Magnitudes come out of float32 tables.
    magnitude = float(torch.tensor(magnitude))
    output = _apply_op(picture, name, magnitude, interpolation=mode, fill=fill)
    return {
        "picture": picture_name,
        "operation": operation,
        "magnitude": magnitude,
        "interpolation": interpolation,
        "fill": 0.0 if fill is None else fill[0],
        "output": output.flatten().tolist(),
    }


def operations():
    pictures = {
        "coloured": levels("coloured", 3, 8, 8),
        "grey": levels("grey", 1, 7, 9, low=40, high=140),
        # Enough pixels to equalise, dark and with one level throughout a channel.
        "dark": torch.cat([levels("dark", 2, 18, 20, low=3, high=90), torch.full((1, 18, 20), 9, dtype=torch.uint8)]),
    }
    cases = []
    for operation, (_, magnitudes) in OPERATIONS.items():
        for magnitude in magnitudes:
            cases.append(operation_case("coloured", pictures["coloured"], operation, magnitude))
        cases.append(operation_case("grey", pictures["grey"], operation, magnitudes[-1]))
    for operation in ("AUTO_CONTRAST", "EQUALIZE", "CONTRAST"):
        cases.append(operation_case("dark", pictures["dark"], operation, OPERATIONS[operation][1][0]))
    cases.append(operation_case("grey", pictures["grey"], "ROTATE", 135.0))
    for operation in ("ROTATE", "SHEAR_X"):
        magnitude = OPERATIONS[operation][1][0]
        cases.append(operation_case("coloured", pictures["coloured"], operation, magnitude, "BILINEAR"))
        cases.append(operation_case("coloured", pictures["coloured"], operation, magnitude, fill=[128.0] * 3))
    return {
        "pictures": {name: tensor_json(picture) for name, picture in pictures.items()},
        "cases": cases,
    }


def tables():
    bins, height, width = 31, 60, 90

    def values(space):
        return {
            ours: [float(value) for value in space[name][0].expand(bins)] for ours, (name, _) in OPERATIONS.items()
        }

    return {
        "bins": bins,
        "size": [height, width],
        "signed": [ours for ours, (name, _) in OPERATIONS.items() if TrivialAugmentWide()._augmentation_space(bins)[name][1]],
        "trivial_augment": values(TrivialAugmentWide()._augmentation_space(bins)),
        "rand_augment": values(RandAugment()._augmentation_space(bins, (height, width))),
    }


if __name__ == "__main__":
    write("preprocessing_resize.json", resizing())
    write("preprocessing_affine.json", affine())
    write("preprocessing_operations.json", operations())
    write("preprocessing_tables.json", tables())
