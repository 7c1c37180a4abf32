"""Pictures as rows of pixels: cut, put together, written as small PNG files."""

import re
import struct
import zlib
from collections import Counter

WHITE = (255, 255, 255)


class Bitmap:
    """RGB, 8 bits each, row by row."""

    def __init__(self, width, height, pixels=None, colour=WHITE):
        self.width, self.height = width, height
        self.pixels = pixels or bytearray(bytes(colour) * (width * height))

    @classmethod
    def of_ppm(cls, data):
        """What `pdftoppm` prints: PPM, binary (netpbm, "P6")."""
        head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
        return cls(int(head[1]), int(head[2]), bytearray(data[head.end():]))

    def _rows(self, x, y, width, height):
        """Where the rows of an area lie, as far as it is within."""
        left, right = max(x, 0), min(x + width, self.width)
        for row in range(max(y, 0), min(y + height, self.height)):
            start = (row * self.width + left) * 3
            yield start, start + max(right - left, 0) * 3

    def fill(self, x, y, width, height, colour):
        for start, end in self._rows(x, y, width, height):
            self.pixels[start:end] = bytes(colour) * ((end - start) // 3)

    def tint(self, x, y, width, height, colour):
        """Lays a colour upon an area as a marker does: what is dark stays dark."""
        table = [bytes(value * part // 255 for value in range(256)) for part in colour]
        for start, end in self._rows(x, y, width, height):
            for channel in range(3):
                part = slice(start + channel, end, 3)
                self.pixels[part] = self.pixels[part].translate(table[channel])

    def frame(self, x, y, width, height, colour):
        for area in ((x, y, width, 1), (x, y + height - 1, width, 1), (x, y, 1, height), (x + width - 1, y, 1, height)):
            self.fill(*area, colour)

    def arrow(self, x, y, length, half, colour):
        """An arrow to the right: its tip lies at (x + length, y)."""
        self.fill(x, y - half // 3, length - half, 2 * (half // 3) + 1, colour)
        for step in range(half + 1):
            self.fill(x + length - half + step, y - half + step, 1, 2 * (half - step) + 1, colour)

    def crop(self, x, y, width, height):
        rows = (self.pixels[start:end] for start, end in self._rows(x, y, width, height))
        pixels = bytearray().join(rows)
        return Bitmap(width, len(pixels) // 3 // width, pixels)

    def paste(self, other, x, y):
        for row in range(min(other.height, self.height - y)):
            start, end = row * other.width * 3, (row * other.width + min(other.width, self.width - x)) * 3
            at = ((y + row) * self.width + x) * 3
            self.pixels[at:at + end - start] = other.pixels[start:end]

    def page(self, other, x, y):
        """Lays a sheet of paper down: with a thin edge, and a shadow at two sides."""
        for depth in range(6, 0, -1):
            grey = 255 - 9 * (7 - depth)
            self.tint(x + depth, y + depth, other.width, other.height, (grey, grey, grey))
        self.paste(other, x, y)
        self.frame(x, y, other.width, other.height, (153, 153, 153))

    def trimmed(self, margin):
        """Without the empty rows at the bottom, but for a margin."""
        stride = self.width * 3
        # the very edge may be drawn by halves
        height = self.height - 2
        last = self.pixels[(height - 1) * stride:height * stride]
        while height and self.pixels[(height - 1) * stride:height * stride] == last:
            height -= 1
        return self.crop(0, 0, self.width, height + margin)

    def png(self, texts=()):
        """A palette of at most 256 colours (ISO/IEC 15948); `texts` are kept in the file by their keywords."""
        # sixteen steps of a colour: at the edges of letters the eye does not tell more apart
        coarse = self.pixels.translate(bytes(min(255, (value + 8) // 17 * 17) for value in range(256)))
        found = Counter(zip(coarse[0::3], coarse[1::3], coarse[2::3]))
        palette = sorted(colour for colour, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:256])
        number = {colour: palette.index(nearest(colour, palette)) for colour in found}
        indices = bytes(map(number.__getitem__, zip(coarse[0::3], coarse[1::3], coarse[2::3])))
        # the least whole number of bits in which they fit, packed from the left
        bits = next(bits for bits in (1, 2, 4, 8) if len(palette) <= 1 << bits)
        rows = b"".join(b"\0" + packed(indices[row * self.width:(row + 1) * self.width], bits)
                        for row in range(self.height))
        return b"\x89PNG\r\n\x1a\n" + b"".join([
            chunk(b"IHDR", struct.pack(">IIBBBBB", self.width, self.height, bits, 3, 0, 0, 0)),
            chunk(b"PLTE", bytes(part for colour in palette for part in colour)),
            *(chunk(b"tEXt", f"{keyword}\0{text}".encode("latin-1")) for keyword, text in texts),
            chunk(b"IDAT", zlib.compress(rows, 9)),
            chunk(b"IEND", b""),
        ])


def nearest(colour, palette):
    return min(palette, key=lambda other: sum((one - two) ** 2 for one, two in zip(colour, other)))


def packed(row, bits):
    if bits == 8:
        return row
    each = 8 // bits
    row += bytes(-len(row) % each)
    shifts = range(8 - bits, -1, -bits)
    return bytes(sum(value << shift for value, shift in zip(row[at:at + each], shifts))
                 for at in range(0, len(row), each))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
