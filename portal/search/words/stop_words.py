"""Words that say little in questions to a help centre, where the search engine's own lists lack them or are lacking.

For a language that it has a list for, only what customers add to a question: how they ask, greet and beg. For the
others, a short list of question and function words. Scripts without blanks have words of one or two characters
only: longer ones would be cut into pairs that other words have too.
"""

from functools import lru_cache

_WORDS = {
    "ar": """
        من في على إلى الى عن مع هل ما ماذا متى أين اين كيف لماذا كم أي اي هذا هذه ذلك تلك هو هي أنا انا نحن أنت
        انت هم و أو او ثم لا لم لن ليس قد كان كانت يكون أن ان إن إذا اذا لكن كل بعد قبل عند عندما بين حتى منذ
        الذي التي لي لك له لها يمكن يمكنني أستطيع استطيع أريد اريد يجب فقط أيضا ايضا مرحبا رجاء فضلك شكرا""",
    "cs": """
        a aby ale ani asi až bez být by co či dobrý do ho i já jak jaký je jeho jen ještě ji jsem jsme jsou k
        kam kde kdo kdy když která které který lze má mám mě mi můj mohu můžu moje na nad ne nebo nejde není o
        od on pak po pod podle pro proč prosím s se si tak také ten to tu tuto u v ve však z za ze že""",
    "da": """
        hvordan hvorfor hvornår hvem kan hej venligst gerne tak""",
    "de": """
        bitte danke dankeschön hallo warum wann wer wen wem wieso weshalb woher wohin geht gibt möchte brauche
        kriege""",
    "en": """
        please thanks thank hi hello hey need want would could cannot can't don't doesn't isn't won't i'm i've
        i'd im ive there's what's tell show know let way also just anyone someone""",
    "es": """
        cómo cuándo dónde quién cuál puedo puede necesito quiero hago hacer hola gracias favor""",
    "fi": """
        miten kuinka milloin koska voin voinko voiko haluan pitää täytyy hei moi kiitos""",
    "fr": """
        comment quand où pourquoi quoi quel quelle combien puis peux peut veux faut faire bonjour merci est-ce
        voudrais""",
    "hu": """
        hogyan miért mikor hol kérem kérek szeretnék szia köszönöm""",
    "it": """
        posso può cosa quando voglio vorrei devo fare faccio ciao salve grazie""",
    "ja": """
        の に は を が と で も か て た な へ や から まで です ます する した して いる ある ない この その
        あの どの どう 何 なぜ いつ どこ 誰 よう こと もの ため たい さい くだ だ し れ ら""",
    "ko": """
        은 는 이 가 을 를 에 의 와 과 도 로 만 나 내 저 제 왜 뭐 무엇 언제 어디 누구 에서 으로 하는 하고 해요
        하나 나요 까요 습니 니다 어떤 어떻 방법 수 있 없 것 좀""",
    "nl": """
        waarom waar wanneer welke hallo graag alsjeblieft alstublieft bedankt""",
    "no": """
        hei takk gjerne vennligst""",
    "pl": """
        a aby ale albo bez bo by być chcę ci co czy dla do dlaczego dzień dobry dziękuję gdy gdzie go i ich ile
        ja jak jaka jaki jakie je jego jej jest jestem już każdy kiedy kto która które który lub ma mam mi mnie
        mogę mój moja moje można na nad nie niż o od on ona po pod potrzebuję proszę przed przez przy są się tak
        także ten to tu tym w we z za ze że""",
    "pt": """
        posso pode onde quê quero preciso devo fazer faço olá oi obrigado obrigada favor""",
    "ru": """
        могу можно почему хочу нужно здравствуйте привет пожалуйста спасибо подскажите""",
    "sv": """
        vill hej tack snälla gärna behöver""",
    "th": """
        ที่ ใน ของ และ จะ ได้ ให้ ไม่ มี เป็น กับ แต่ หรือ ก็ ว่า นี้ นั้น ไป มา ทำ ฉัน ผม คุณ อะไร ไหม ไง ยัง
        แล้ว ต้อง ถ้า จาก โดย เมื่อ ครับ ค่ะ คะ นะ อยู่ ด้วย ใคร ต่อ""",
    "tr": """
        acaba ama ancak bana ben benim beni bir biz bu da de değil en gibi hangi hem her hiç için ile istiyorum
        kadar kaç ki kim lütfen merhaba mi mı mu mü nasıl ne neden nedir nerede nereden niçin niye o olarak olur
        sana selam sen siz şey şu teşekkürler ve veya ya yapabilirim yok var zaman""",
    "uk": """
        а або але би був бути в ви від він вона вони все всі да де для до є за з зі і із його її коли куди ми
        мені мене мій моя моє мої можна можу на навіщо над не ні ну об один по під при про та так також те ти то
        тобі треба у хто хочу це цей ця чи чому що щоб як яка який які добрий привіт дякую""",
    "vi": """
        ai bạn bao bị bởi các cái cần cho chúng có còn của cũng đã đang đâu đây để đến được gì hay hãy hoặc khi
        không là lại làm lên mà mình một muốn nào này nên nếu những như nhưng ở phải ra rất sao sẽ tại thế thì
        tôi trên trong từ và vào về với vì xin chào cảm ơn""",
    "zh": """
        的 了 是 在 我 你 您 他 她 它 们 这 那 吗 呢 吧 啊 和 与 或 也 都 就 要 想 请 能 会 可以 怎么 怎样 如何
        什么 为什 为何 哪里 哪个 何时 谁 几 把 被 给 从 到 对 很 还 有 没 没有 不 個 个 這 嗎 們 請 會 麼 怎麼
        什麼 沒有""",
}


@lru_cache(maxsize=64)
def stop_words(lang: str) -> frozenset[str]:
    """Return words as they are written, not as `languages.words` keeps them. lang: BCP 47 tag; unknown ones have none.

    They are to be weakened, never dropped: a question may be made of nothing else.
    """
    language = lang.partition("-")[0].lower()
    return frozenset(_WORDS.get({"nb": "no", "nn": "no"}.get(language, language), "").split())
