def shift(text, places):
    code = ""
    for ch in text:
        code += ch
    return code
