def shift(text, places):
    code = ""
    for ch in text:
        if "a" <= ch <= "z" or "A" <= ch <= "Z":
            code += chr(ord(ch) + places)
        else:
            code += ch
    return code
