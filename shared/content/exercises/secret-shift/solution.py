def shift(text, places):
    code = ""
    for ch in text:
        if "a" <= ch <= "z":
            code += chr((ord(ch) - ord("a") + places) % 26 + ord("a"))
        elif "A" <= ch <= "Z":
            code += chr((ord(ch) - ord("A") + places) % 26 + ord("A"))
        else:
            code += ch
    return code
