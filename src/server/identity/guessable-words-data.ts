/**
 * Words that people put into passwords, roughly the most used first: written for this program from general knowledge of what such lists
 * hold (no list was copied), with the words that this trade adds. All in lower case.
 */
export const GUESSABLE_WORDS: readonly string[] = `
password pass admin welcome qwerty login letmein iloveyou love monkey dragon master hello sunshine princess football baseball shadow
superman batman secret access user test guest root administrator changeme default temp temporary change company office work home
summer winter spring autumn fall january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday birthday christmas easter holiday today tomorrow forever always never
michael jennifer jessica ashley daniel david thomas robert james john joseph william andrew charlie george jordan matthew anthony
joshua jason justin brandon nicole amanda michelle melissa samantha elizabeth maria anna sarah laura julia sophie emma oliver peter
paul mark alex max martin stefan andrea andreas christian michel pierre marie carlos juan jose luis miguel ahmed mohamed ali fatima
hospital clinic doctor nurse radiology radiologist medical medicine patient health healthcare imaging xray xrays dicom pacs isocenter
orthanc scanner surgery emergency station reception system server database backup service support helpdesk network internet computer
windows linux ubuntu microsoft google apple samsung android facebook twitter amazon oracle cisco docker kubernetes postgres mysql redis
minio grafana jenkins github gitlab developer development production staging demo sample example testing tester trustno letme please
thank thanks you your mine my this that is it the a i me we our and of for not no yes good bad best new old big little first last
one two three four five six seven eight nine ten zero hundred thousand million number
red blue green black white yellow orange purple pink silver gold golden brown gray
cat dog dogs cats tiger lion eagle bear wolf horse fish bird bunny puppy kitten panda falcon phoenix unicorn dolphin turtle mouse
manchester soccer hockey basketball tennis golf racing liverpool chelsea arsenal barcelona madrid bayern juventus yankees cowboys lakers eagles
steelers packers patriots ferrari porsche mercedes toyota honda yamaha harley mustang corvette camaro
starwars pokemon naruto matrix avatar gandalf merlin hunter ranger ninja pirate killer warrior soldier hero legend champion winner
player gamer fortnite minecraft roblox warcraft starcraft zelda mario sonic
family mother father mom dad mama papa baby brother sister friend friends wife husband daughter son angel angels heaven jesus christ
god lord church faith hope peace freedom liberty justice truth honor glory blessed lucky happy smile sweet sexy beautiful handsome
lover lovely honey sugar candy cookie chocolate cheese pepper ginger banana apples cherry lemon peach strawberry coffee
flower flowers rose roses daisy lily jasmine garden summertime rainbow star stars moon sun sky ocean river mountain forest island
beach storm thunder lightning fire ice water earth wind snow rain
london paris berlin munich vienna zurich rome milan moscow tokyo beijing america american england germany deutschland france italia
spain espana mexico brasil canada australia india china japan texas florida california chicago boston newyork dallas austin
music guitar piano metallica nirvana slipknot eminem beatles elvis rock rocky hiphop dancer singer movie camera photo picture
money dollar dollars rich bank business manager director boss president king queen prince knight lady whatever nothing something
everything anything nobody someone everyone mustard cheesecake pumpkin snoopy garfield mickey minnie donald disney tweety
bitch fuck fuckyou fuckoff shit asshole pussy dick sex hell damn crazy stupid idiot hacker hacked
passwort kennwort geheim hallo willkommen sommer fruehling herbst schatz liebe passe motdepasse bonjour soleil amour contrasena
clave hola amor futbol estrella senha parola ciao amore
enter open key keys lock unlock security secure safe private public confidential internal external remote local
abc abcd xyz asdf qwer zxcv zaq qaz wsx edc poiu lkjh mnbv
`
  .trim()
  .split(/\s+/);

/** Rows and columns of keyboards, and ways over them; backwards they are as well known. */
export const KEYBOARD_WALKS: readonly string[] = [
  '12345678901234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop[]asdfghjkl;zxcvbnm,./',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  'asdfghjklzxcvbnmqwertyuiop',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1qazxsw23edcvfr45tgbnhy67ujm',
  'zaq12wsxcde34rfvbgt56yhnmju7',
  '1a2b3c4d5e6f7g8h9i0j',
  'a1b2c3d4e5f6g7h8i9j0',
  'a1s2d3f4g5h6j7k8l9',
  '11223344556677889900',
  '147258369',
  '159357',
  '102030405060708090',
];
