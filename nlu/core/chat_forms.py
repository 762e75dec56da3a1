"""How words are written in chats, and what they stand for: "nåt" is "något", "ska ru" is "ska du".

They are read so only by a model that has not learnt them as they stand. English forms give the
words that "don't" and "what's" are cut into.
"""


def _read(table: str) -> dict[str, tuple[str, ...]]:
    """Read "typed=meant typed=meant+meant"."""
    pairs = (pair.split("=") for pair in table.split())
    return {typed: tuple(meant.split("+")) for typed, meant in pairs}


CHAT_FORMS = {
    "sv": _read(
        """
        dom=de nåt=något nån=någon nåra=några sån=sådan sånt=sådant såna=sådana va=vad e=är ä=är
        o=och å=och mej=mig dej=dig sej=sig d=det ere=är+det ru=du re=det skaru=ska+du
        haru=har+du kanru=kan+du villru=vill+du vetru=vet+du seru=ser+du gåru=går+du
        vaffö=varför vaför=varför varföre=varför int=inte inge=inget ente=inte imorn=imorgon
        imorron=imorgon imoron=imorgon imon=imorgon morron=morgon sen=sedan sku=skulle
        mkt=mycket mcket=mycket lr=eller oxå=också oxo=också asså=alltså iaf=i+alla+fall
        tex=till+exempel bla=bland+annat pga=på+grund+av kl=klockan klckan=klockan tfn=telefon
        tel=telefon nr=nummer mins=minuter tim=timme hurdå=hur lixom=liksom vicken=vilken
        vilke=vilket vikken=vilken ba=bara fö=för kanke=kanske eg=egentligen
        """
    ),
    "en": _read(
        """
        whats=what+s wheres=where+s whos=who+s hows=how+s whens=when+s thats=that+s
        theres=there+s heres=here+s lets=let+s dont=don+t doesnt=doesn+t didnt=didn+t cant=can+t
        wont=won+t isnt=isn+t arent=aren+t wasnt=wasn+t couldnt=couldn+t shouldnt=shouldn+t
        wouldnt=wouldn+t havent=haven+t hasnt=hasn+t im=i+m ive=i+ve youre=you+re youve=you+ve
        theyre=they+re weve=we+ve u=you ur=your r=are pls=please plz=please plse=please
        thx=thanks thanx=thanks ty=thank+you gonna=going+to wanna=want+to gotta=got+to
        gimme=give+me lemme=let+me tmrw=tomorrow tmr=tomorrow tomoro=tomorrow 2day=today
        2morrow=tomorrow tonite=tonight nite=night msg=message msgs=messages abt=about wat=what
        wht=what wen=when cuz=because coz=because hv=have
        """
    ),
}
