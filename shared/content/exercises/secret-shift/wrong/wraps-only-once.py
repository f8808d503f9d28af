def shift(text, places):
    code = ""
    for ch in text:
        if "a" <= ch <= "z" or "A" <= ch <= "Z":
            last = ord("z") if ch.islower() else ord("Z")
            first = last - 25
            number = ord(ch) + places
            if number > last:
                number -= 26
            if number < first:
                number += 26
            code += chr(number)
        else:
            code += ch
    return code
