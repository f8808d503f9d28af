def shift(text, places):
    code = ""
    for ch in text.lower():
        if "a" <= ch <= "z":
            code += chr((ord(ch) - ord("a") + places) % 26 + ord("a"))
        else:
            code += ch
    return code
