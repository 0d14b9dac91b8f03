"""Receipts of figures: what a figure was made of, inside the file itself.

One packet of XMP in all formats: a chunk of PNG, a tag of TIFF, metadata of SVG and PDF. People
read the names and hashes of the inputs in it; the program reads the whole, packed, out of it."""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterable
from html import escape
from pathlib import Path

from mlipviewer.core.problem import ReadProblem
from mlipviewer.io.files import MEGABYTE, open_regular

SUFFIXES = (".png", ".svg", ".pdf", ".tiff", ".tif")
MOST_PACKED = 8 * MEGABYTE
MOST_UNPACKED = 32 * MEGABYTE
MOST_FILE = 1024 * MEGABYTE
NAMESPACE = "https://mlipviewer.org/ns/receipt/1.0/"
PNG_HEAD = 33  # bytes before the second chunk
KEYWORD = b"XML:com.adobe.xmp"
TIFF_TAG = 700
_FOUND = re.compile(rb"<mlip:receipt>([A-Za-z0-9+/=\s]*)</mlip:receipt>")
_BLOCK = 4 * MEGABYTE
_PACKET_HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'


def packet(receipt: str, about: Iterable[str], program: str) -> str:
    """The XMP of a receipt; `about` are lines for people. '' where it would be too large."""
    packed = base64.b64encode(zlib.compress(receipt.encode(), 9)).decode()
    if len(packed) > MOST_PACKED:
        return ""
    lines = "\n".join(f"    <rdf:li>{escape(line)}</rdf:li>" for line in about)
    return f"""\
{_PACKET_HEAD}<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:mlip="{NAMESPACE}">
   <xmp:CreatorTool>{escape(program)}</xmp:CreatorTool>
   <mlip:inputs><rdf:Bag>
{lines}
   </rdf:Bag></mlip:inputs>
   <mlip:receipt>{packed}</mlip:receipt>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def png_with(data: bytes, xmp: str) -> bytes:
    """A PNG with the packet as its second chunk."""
    body = KEYWORD + b"\0\0\0\0\0" + xmp.encode()
    crc = zlib.crc32(b"iTXt" + body)
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", crc)
    return data[:PNG_HEAD] + chunk + data[PNG_HEAD:]


def svg_with(data: bytes, xmp: str) -> bytes:
    """An SVG with the packet as metadata, behind its title and description."""
    inner = xmp.split("\n", 1)[1].rsplit("\n", 1)[0]  # XML within XML has no packet of its own
    place = data.find(b"</desc>")
    at = place + len(b"</desc>") if place >= 0 else data.find(b">", data.find(b"<svg")) + 1
    return data[:at] + b"\n<metadata>\n" + inner.encode() + b"\n</metadata>" + data[at:]


def read_receipt(path: Path) -> str:
    """The receipt in a figure. Raises ReadProblem where there is none or it is damaged."""
    packed = _packed(path)
    if packed is None:
        raise ReadProblem("is a figure without a receipt: nothing can be opened from it", path)
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(base64.b64decode(packed), MOST_UNPACKED)
        text = data.decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        raise ReadProblem("has a damaged receipt", path) from None
    if not unpacker.eof:
        raise ReadProblem("has a receipt that is cut short or too large", path)
    return text


def _packed(path: Path) -> bytes | None:
    """The packed receipt, looked for in blocks that overlap by the most that one may have."""
    kept = b""
    with open_regular(path) as file:
        for _ in range(MOST_FILE // _BLOCK):
            block = file.read(_BLOCK)
            kept += block
            found = _FOUND.search(kept)
            if found is not None:
                return found[1]
            if not block:
                return None
            start = kept.rfind(b"<mlip:receipt>")
            if start < 0:
                kept = kept[-64:]
            else:
                kept = kept[start:] if len(kept) - start <= MOST_PACKED + _BLOCK else kept[-64:]
    return None
