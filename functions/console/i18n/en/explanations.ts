/** What a runtime says, in the words of somebody who explains it. `{1}`, `{2}` are parts of its message. */
export const explanations = {
  name: {
    what: 'The name {1} is not known here.',
    try: 'Check the spelling; upper and lower case count. Give it a value on a line above. If it is meant as text, put it in quotes.',
  },
  nameAny: {
    what: 'A name is used that is not known here.',
    try: 'Check the spelling, and give it a value on a line above.',
  },
  unboundLocal: {
    what: 'Inside the function, {1} is used before it has a value there.',
    try: 'A function that assigns to a name has a variable of its own by that name. Give it a value first, or pass it in as an argument.',
  },
  beforeDeclared: {
    what: '{1} is used above the line that declares it.',
    try: 'Move the line with let or const further up.',
  },
  textAndNumber: {
    what: 'Text and a number cannot be joined with +.',
    try: 'Turn the number into text with str(…), or the text into a number with int(…).',
  },
  operands: {
    what: 'The operation {1} does not work between {2} and {3}.',
    try: 'input() gives text: turn it into a number with int(…) or float(…) first.',
  },
  notCallable: {
    what: 'Something is called with (…) that is not a function.',
    try: 'Is there a variable with the name of a function, such as list or sum? Give it another name. Is an operator missing before the bracket?',
  },
  missingArguments: {
    what: 'A function is called with fewer values than it needs.',
    try: 'Compare the call with the line that starts with def: there must be a value for each name.',
  },
  surplusArguments: {
    what: 'A function is called with more values than it takes.',
    try: 'Compare the call with the line that starts with def.',
  },
  none: {
    what: 'There is no value here: it is None.',
    try: 'A function without return gives None, and so do list.sort() and list.append(…). Print the value one line earlier to see where it gets lost.',
  },
  notSubscriptable: {
    what: 'The square brackets […] do not work on this kind of value.',
    try: 'Print the value and its type one line earlier: print(type(x)).',
  },
  type: {
    what: 'A value has a kind that does not fit what is done with it.',
    try: 'Print the values of this line one line earlier, with their type: print(x, type(x)).',
  },
  invalidInt: {
    what: 'The text {1} is not a whole number, so int(…) cannot turn it into one.',
    try: 'Does the line hold several numbers? Then take it apart with split() first. Are there spaces or a decimal point in it?',
  },
  unpack: {
    what: 'The number of names on the left is not the number of values on the right.',
    try: 'Print what is on the right to see how many values there are.',
  },
  value: {
    what: 'A value has the right kind, but a content that does not work here.',
    try: 'Print the value one line earlier. Is it what you expect?',
  },
  index: {
    what: 'There is no element at this position.',
    try: 'Positions count from 0, so the last one is len(…) - 1. Print the position and the length one line earlier. May the list be empty?',
  },
  key: {
    what: 'The dictionary has no entry with the key {1}.',
    try: 'Check with “in” whether the key is there, or take d.get(key, 0), which gives 0 when it is not.',
  },
  zeroDivision: {
    what: 'Something is divided by 0.',
    try: 'Find out when the number below the line gets 0, and treat that case with an if. An empty list has the length 0.',
  },
  attribute: {
    what: 'The value has no part named {1}.',
    try: 'Check the spelling after the dot. Is the value of the kind you think? Print type(…) one line earlier.',
  },
  import: {
    what: 'The module {1} is not available here.',
    try: 'Exercises are solved with what the language brings along. Check the spelling of the name.',
  },
  inputOver: {
    what: 'Your program asks for more input than there is.',
    try: 'Count how often input() is called. A loop may go round once too often. When you run it yourself, type the input into the field below the editor.',
  },
  expectedBlock: {
    what: 'After a line that ends with a colon, the next line must be indented.',
    try: 'Put four spaces at the start of the lines that belong to it.',
  },
  unexpectedIndent: {
    what: 'This line is further to the right than it should be.',
    try: 'Lines of the same block start at the same column. Remove the extra spaces.',
  },
  unindent: {
    what: 'The start of this line fits none of the lines above.',
    try: 'Use four spaces for each level, and never both tabs and spaces.',
  },
  neverClosed: {
    what: 'The bracket {1} is opened and never closed.',
    try: 'Count the brackets on this line: each one needs its partner.',
  },
  unmatched: {
    what: 'The bracket {1} closes something that was never opened.',
    try: 'Remove it, or put its partner in front.',
  },
  colon: {
    what: 'A colon is missing.',
    try: 'Lines with if, else, for, while and def end with a colon.',
  },
  printBrackets: {
    what: 'print needs brackets.',
    try: 'Write print(…) around what is to be shown.',
  },
  singleEquals: {
    what: 'A single = gives a value to a name; it does not compare.',
    try: 'Write == to ask whether two values are equal.',
  },
  openText: {
    what: 'A text begins with a quote and never ends.',
    try: 'Put the same kind of quote at its end, on the same line.',
  },
  syntax: {
    what: 'The language cannot read this line.',
    try: 'Look for a missing bracket, quote, comma or colon, here or at the end of the line above.',
  },
  unexpectedEnd: {
    what: 'The program ends in the middle of something.',
    try: 'Count the brackets: each { ( and [ needs its partner.',
  },
  declaredTwice: {
    what: '{1} is declared twice.',
    try: 'Leave out the second let or const, or choose another name.',
  },
  undefinedProperty: {
    what: 'Something is read from a value that is {1}.',
    try: 'Print the value one line earlier with console.log(…). Is the position in the list right? Does the function return something?',
  },
  notAFunction: {
    what: '{1} is not a function, so it cannot be called with (…).',
    try: 'Check the spelling. Is the value of the kind you think?',
  },
  constant: {
    what: 'A name that was declared with const gets a new value.',
    try: 'Declare it with let, if it has to change.',
  },
  recursion: {
    what: 'A function calls itself again and again without end.',
    try: 'It needs a case in which it answers without calling itself, and each call must come closer to that case.',
  },
  memory: {
    what: 'The program needs more memory than it may use.',
    try: 'Does a list grow in a loop without end? Keep only what you need.',
  },
  time: {
    what: 'The program ran longer than it may.',
    try: 'Is there a loop that never ends? Does the condition of while change inside the loop? If the loop ends, look for a way with fewer steps.',
  },
  output: {
    what: 'The program printed far more than it may.',
    try: 'Is there a print inside a loop that never ends?',
  },
  assertion: {
    what: 'An assert found that something is not as it should be.',
    try: 'Print the values in its condition one line earlier.',
  },
  exit: {
    what: 'The program ended itself before it was done.',
    try: 'Leave out exit() and quit().',
  },
  internal: {
    what: 'The platform could not test it. That is not your fault.',
    try: 'Hand it in again. If it happens again, tell your teacher.',
  },
  other: {
    what: 'The program stopped at this line.',
    try: 'Read the message, then print the values of this line one line earlier.',
  },
} as const;
