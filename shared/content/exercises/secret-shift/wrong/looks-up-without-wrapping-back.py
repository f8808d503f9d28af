letters = "abcdefghijklmnopqrstuvwxyz"


def shift(text, places):
    code = ""
    for ch in text:
        if ch in letters:
            code += (letters + letters)[letters.index(ch) + places % 26]
        elif ch.lower() in letters:
            code += (letters + letters)[letters.index(ch.lower()) + places].upper()
        else:
            code += ch
    return code
