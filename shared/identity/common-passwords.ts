/** Passwords of eight and more characters that guessing lists begin with. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `password password1 password12 password123 password1234 password! passw0rd p@ssw0rd p@ssword pa55word
  12345678 123456789 1234567890 0123456789 987654321 0987654321 11111111 00000000 88888888 12341234 123123123
  123456abc abc123456 abcd1234 abcdefgh 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qwer1234 qwerty12 qwerty123 qwertyui
  qwertyuiop qazwsxedc zxcvbnm1 asdfghjkl asdf1234 iloveyou iloveyou1 sunshine princess football baseball
  superman batman123 starwars trustno1 whatever welcome1 welcome123 letmein1 letmein123 admin123 admin1234
  administrator changeme changeme1 changeme123 monkey123 dragon123 master123 michael1 jennifer jessica1
  computer internet samsung1 liverpool chelsea1 arsenal1 pokemon1 naruto123 minecraft roblox123 fortnite1
  student1 student123 teacher1 teacher123 school123 schoolpass lyceum123 lyceum1234 classroom default1
  secret123 secret1234 test1234 testtest testing123 temp1234 guest123 user1234 hello123 helloworld
  dkssud123 qwe123123 a1234567 a12345678 aa123456 aaa111222 q1w2e3r4 zaq12wsx 147258369 159753456 741852963
  january1 february1 summer2024 summer2025 summer2026 winter2024 winter2025 winter2026 spring2026 autumn2026`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
