"""Where things stand in a program, as an editor counts: lines and columns from 1, columns in UTF-16 units."""

import re

_BREAK = re.compile('\r\n?|\n')


def utf16_length(text):
    return len(text) if text.isascii() else len(text.encode('utf-16-le')) // 2


class Source:
    def __init__(self, code):
        self._lines = _BREAK.split(code)

    def _line(self, number):
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ''

    def from_bytes(self, number, offset):
        """Nodes count UTF-8 bytes from 0."""
        line = self._line(number)
        if line.isascii():
            return min(offset, len(line)) + 1
        return utf16_length(line.encode()[:offset].decode(errors='ignore')) + 1

    def from_bytes_from_one(self, number, offset):
        return self.from_bytes(number, max(offset - 1, 0))

    def from_characters(self, number, offset):
        """The parser's errors count code points from 1; the offset may be 0, or behind the line's end."""
        return utf16_length(self._line(number)[: max(offset - 1, 0)]) + 1

    def of_node(self, node):
        """The range of a node; of a statement with a body only its first line."""
        place = {
            'line': node.lineno,
            'column': self.from_bytes(node.lineno, node.col_offset),
            'end_line': node.end_lineno,
            'end_column': self.from_bytes(node.end_lineno, node.end_col_offset),
        }
        if node.end_lineno > node.lineno and hasattr(node, 'body'):
            place['end_line'] = node.lineno
            place['end_column'] = utf16_length(self._line(node.lineno).rstrip()) + 1
        return place

    def of_error(self, error, column):
        """The range of a SyntaxError; `column` is how its offsets count."""
        start = min(max(error.lineno or 1, 1), len(self._lines)), error.offset or 1
        end = error.end_lineno or 0, error.end_offset or 0
        place = {'line': start[0], 'column': column(*start)}
        if start < end and end[0] <= len(self._lines):
            stop = {'end_line': end[0], 'end_column': column(*end)}
            # behind the line's end two offsets are one place
            if (stop['end_line'], stop['end_column']) > (place['line'], place['column']):
                place |= stop
        return place
