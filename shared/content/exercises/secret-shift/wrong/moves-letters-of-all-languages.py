def shift(text, places):
    code = ""
    for ch in text:
        if ch.isalpha():
            first = ord("A") if ch.isupper() else ord("a")
            code += chr((ord(ch) - first + places) % 26 + first)
        else:
            code += ch
    return code
