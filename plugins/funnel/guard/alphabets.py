"""Letters of other alphabets that look like Latin ones, and the Latin ones that they look like."""

from __future__ import annotations

PAIRS = (
    (  # Cyrillic, Greek, Armenian, Cherokee, Lisu, Coptic, Hebrew
        "аеорсухіјѕԁӏһԛԝгвмнткАВЕКМНОРСТУХІЈЅԌԍαοеνρικτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϲ"
        "ьпиѵүѡӀԚԜѴҮЬԀσωηγεϳſՕօՍսոհցեքզաԼՏᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᎩᏃꓐꓚꓓꓰꓖꓧꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜⲟⲣⲥⲁⲤⲞⲢ"
        "ЯИЦПШЧЭэяцшчҒғҜҝұҰҺћђѓкќґҐӨөΔΛΣΠΩθδλπξЄєʁחסטוןк",
        "aeopcyxijsdlhqwrbmhtkABEKMHOPCTYXIJSGgaoevpiktuxABEZHIKMNOPTYXCc"
        "bnuvywIQWVYbdownyejsOoUunhgtpqwLSABCDEHJKLMPRSTVWYZBCDEGHJKLMNOPRSTUVWXYZopcaCOP"
        "RNUNWYEerywyFfKkyYhhhrkkgGOoAAENOodanqEeRnouilk",
    ),
    ("ꓮꓝꓲꓭꓕꓶᎦᏀᎨᏂᏆꮃꮎꮯꮪꮓꮩꮇꭺꭼꭲꮢꮶꮮꭰ", "AFIBTLSGGHIWOCSZVMAEIRKLD"),  # more Lisu and Cherokee
    ("ⲂⲃⲈⲉⲒⲓⲔⲕⲘⲙⲚⲛⲦⲧⲨⲩⲬⲭⲎⲀⲊⲌ", "BbEeIiKkMmNnTtYyXxHAGZ"),  # more Coptic
    ("ֆտլյմռԱԵԻԹՄՈՐՑԾ", "ftljmnUEhPUnPGO"),  # more Armenian
    ("ဝ၀ჿ", "oOo"),  # Burmese, Georgian
    ("ᗩᗷᑕᗪᕮᖴᘜᕼᒍᒪᗰᑎᑭᖇᔕᑌᐯᗯ᙭ᑲᑯᒥᑫᐱᐅ", "ABCDEFGHJLMNPRSUVWXbdrqAD"),  # Canadian syllables
    ("ᚠᚱᛁᚺᚷᛒᛖᚲᛏᛋᛚᚢᛗ", "FRIHXBMCTSLUM"),  # runes
    ("𐐬𐐄𐐪𐐗𐐛𐐜𐐝𐐠", "oOaCLSJH"),  # Deseret
    ("𐌰𐌱𐌲𐌳𐌴𐌵𐌶𐌷𐌺𐌻𐌼𐌽𐌾𐌿𐍀𐍂𐍃𐍄𐍅𐍆𐍇𐍉𐌹𐌸", "ABGDEUZHKLMNGUPRSTWFXOIT"),  # Gothic
)
LOOK_ALIKES = str.maketrans("".join(other for other, _ in PAIRS), "".join(latin for _, latin in PAIRS))
OTHER = (
    "\u0370-\u03ff\u0400-\u058f\u1000-\u109f\u10a0-\u10ff\u13a0-\u13ff\u1400-\u167f\u16a0-\u16ff\u2c80-\u2cff\ua4d0-\ua4ff\uab70-\uabbf"
    "\U00010330-\U0001034f\U00010400-\U0001044f"
)  # where they stand in Unicode
UNLIKE = frozenset(
    "ЯИЦПШЧЭэяцшчҒғҜҝұҰҺћђѓкќґҐӨөΔΛΣΠΩθδλπξησωγжбдл"
)  # a fancy A or R that nobody takes for the plain one
TWINS = frozenset(chr(letter) for letter in LOOK_ALIKES) - UNLIKE
