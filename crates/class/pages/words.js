"use strict";
// What the pages for everybody say, a line for each: English, French, Arabic. A refusal whose English is empty is said in the room's
// own words there. Numbers in braces are put in.
const WORDS = {
  "language": ["Language", "Langue", "اللغة"],
  "page.seat": ["Détente: a seat", "Détente : un siège", "مقعد في القاعة"],
  "join.says": ["Type the code that the facilitator gives, and a nickname. No account; nothing leaves the room's computer.", "Saisissez le code donné par l’animateur et un pseudonyme. Aucun compte ; rien ne quitte l’ordinateur de la salle.", "اكتب الرمز الذي يعطيه الميسّر، واسمًا مستعارًا. لا حاجة إلى حساب، ولا شيء يغادر حاسوب القاعة."],
  "join.code": ["Code", "Code", "الرمز"],
  "join.nickname": ["Nickname", "Pseudonyme", "الاسم المستعار"],
  "join.enter": ["Come in", "Entrer", "دخول"],
  "choose.head": ["Take a seat", "Prenez un siège", "اختر مقعدًا"],
  "choose.says": ["Once taken, only the facilitator gives you another: you will know what it knows.", "Une fois le siège pris, seul l’animateur peut vous en donner un autre : vous saurez ce qu’il sait.", "بعد اختياره لا يعطيك مقعدًا آخر سوى الميسّر، لأنك ستعرف ما يعرفه هذا المقعد."],
  "choose.members": ["Members: {0}", "Membres : {0}", "الأعضاء: {0}"],
  "choose.take": ["Take {0}", "Prendre {0}", "اختيار {0}"],
  "parts": ["Parts of the page", "Parties de la page", "أقسام الصفحة"],
  "tab.brief": ["Brief", "Dossier", "الملف"],
  "tab.news": ["News", "Nouvelles", "الأخبار"],
  "tab.orders": ["Orders", "Ordres", "الأوامر"],
  "tab.talk": ["Talk", "Messages", "الرسائل"],
  "tab.deals": ["Deals", "Accords", "الاتفاقات"],
  "tab.predict": ["Predict", "Prévoir", "التوقع"],
  "tab.debrief": ["Debrief", "Bilan", "المراجعة"],
  "english": ["", "Les fiches, les leviers et les nouvelles sont en anglais, dans les mots du modèle.", "أوراق المقاعد والروافع والأخبار بالإنجليزية، كما يصوغها النموذج."],
  "turn": ["Turn {0}", "Tour {0}", "الجولة {0}"],
  "offline": ["no network", "pas de réseau", "لا توجد شبكة"],
  "clock.left": ["{0} left", "reste {0}", "بقي {0}"],
  "clock.held": ["{0} left, held", "reste {0}, en pause", "بقي {0}، متوقف مؤقتًا"],
  "clock.up": ["time is up", "le temps est écoulé", "انتهى الوقت"],
  "brief.want": ["We want", "Nous voulons", "ما نريده"],
  "brief.red": ["We cannot accept", "Nous ne pouvons pas accepter", "ما لا نقبله"],
  "brief.own": ["What we know of ourselves", "Ce que nous savons de nous-mêmes", "ما نعرفه عن أنفسنا"],
  "brief.others": ["What we think of others", "Ce que nous pensons des autres", "ما نظنه عن الآخرين"],
  "brief.members": ["In this delegation: {0}", "Dans cette délégation : {0}", "في هذا الوفد: {0}"],
  "brief.head": ["{0} is the head; others propose", "{0} dirige ; les autres proposent", "{0} رئيس الوفد، والآخرون يقترحون"],
  "forget": ["Remove my name", "Effacer mon nom", "حذف اسمي"],
  "forget.sure": ["Remove your nickname from the room and from its files? You keep your seat; what you wrote stays, without your name.", "Effacer votre pseudonyme de la salle et de ses fichiers ? Vous gardez votre siège ; ce que vous avez écrit reste, sans votre nom.", "هل تريد حذف اسمك المستعار من القاعة ومن ملفاتها؟ يبقى مقعدك لك، ويبقى ما كتبته من دون اسمك."],
  "forget.done": ["Your name is removed.", "Votre nom est effacé.", "حُذف اسمك."],
  "news.public": ["What everybody sees", "Ce que tout le monde voit", "ما يراه الجميع"],
  "news.turn": ["A turn was played; it is turn {0} now.", "Un tour a été joué ; c’est maintenant le tour {0}.", "لُعبت جولة، والجولة الآن هي {0}."],
  "news.message": ["A message from {0}.", "Un message de {0}.", "رسالة من {0}."],
  "everybody": ["Everybody", "Tout le monde", "الجميع"],
  "facilitator": ["Facilitator", "Animateur", "الميسّر"],
  "orders.head": ["Orders of this turn", "Ordres de ce tour", "أوامر هذه الجولة"],
  "orders.says": ["Sealed until the turn closes. The last one stands; none is no change.", "Scellés jusqu’à la fin du tour. Le dernier compte ; sans ordre, rien ne change.", "تبقى مختومة حتى إغلاق الجولة. يُعتمد آخر أمر، ومن دون أمر لا يتغير شيء."],
  "orders.moves": ["moves: {0}", "agit sur : {0}", "يؤثر في: {0}"],
  "orders.range": ["{0} to {1}", "de {0} à {1}", "من {0} إلى {1}"],
  "orders.give": ["Order", "Ordonner", "أصدر الأمر"],
  "orders.kept": ["{0}: ordered, and kept.", "{0} : ordre donné et enregistré.", "{0}: صدر الأمر وحُفظ."],
  "orders.none": ["now {0}; nothing ordered", "maintenant {0} ; aucun ordre", "الآن {0}؛ لا أمر"],
  "orders.stands": ["now {0}; ordered: {1}", "maintenant {0} ; ordre : {1}", "الآن {0}؛ الأمر: {1}"],
  "orders.by": ["now {0}; ordered: {1} by {2}", "maintenant {0} ; ordre : {1}, par {2}", "الآن {0}؛ الأمر: {1}، أصدره {2}"],
  "orders.wish": ["Propose", "Proposer", "اقترح"],
  "orders.wished": ["{0}: proposed to the head of your delegation.", "{0} : proposé au chef de votre délégation.", "{0}: اقتُرح على رئيس وفدك."],
  "orders.wish.by": ["{0} proposes {1}", "{0} propose {1}", "{0} يقترح {1}"],
  "orders.bound": ["bound by a signed package", "lié par un accord signé", "مُلزَم باتفاق موقّع"],
  "value.date": ["2025-03-01 or off", "2025-03-01 ou off", "2025-03-01 أو off"],
  "value.missing": ["{0}: write a value first.", "{0} : indiquez d’abord une valeur.", "{0}: اكتب قيمة أولًا."],
  "talk.to": ["To", "À", "إلى"],
  "talk.text": ["Message", "Message", "الرسالة"],
  "talk.send": ["Send", "Envoyer", "إرسال"],
  "talk.sent": ["Sent.", "Envoyé.", "أُرسلت."],
  "deals.head": ["Packages", "Accords proposés", "الاتفاقات المقترحة"],
  "deals.says": ["Signed by everybody whose levers it names, a package becomes their orders of this turn, all of it or nothing.", "Signé par tous ceux dont il nomme les leviers, un accord devient leurs ordres de ce tour, en entier ou pas du tout.", "إذا وقّع الاتفاق كل من ذُكرت روافعه فيه، صار أوامرهم في هذه الجولة، كله أو لا شيء منه."],
  "deals.line": ["by {0} · {1} · signed by {2} of {3}", "de {0} · {1} · signé par {2} sur {3}", "من {0} · {1} · وقّعه {2} من أصل {3}"],
  "deals.nobody": ["nobody", "personne", "لا أحد"],
  "deals.open": ["open", "ouvert", "مفتوح"],
  "deals.binding": ["binding", "engage ses parties", "مُلزِم"],
  "deals.dropped": ["off the table", "retiré", "سُحب"],
  "deals.sign": ["Sign", "Signer", "توقيع"],
  "deals.drop": ["Say no", "Refuser", "رفض"],
  "deals.for": ["For it", "Pour", "مع"],
  "deals.against": ["Against it", "Contre", "ضد"],
  "deals.votes": ["members: {0} for, {1} against", "membres : {0} pour, {1} contre", "الأعضاء: {0} مع، {1} ضد"],
  "deals.amend": ["Rewrite", "Réécrire", "إعادة صياغة"],
  "deals.draft": ["Draft a package", "Rédiger un accord", "صياغة اتفاق"],
  "deals.anew": ["Rewrite it; all sign anew", "Le réécrire ; tous signent à nouveau", "أعد صياغته، فيوقّع الجميع من جديد"],
  "deals.title": ["Title", "Titre", "العنوان"],
  "deals.lever": ["Lever", "Levier", "الرافعة"],
  "deals.value": ["Value", "Valeur", "القيمة"],
  "deals.out": ["Take it out", "Retirer", "إزالة"],
  "deals.more": ["One more lever", "Ajouter un levier", "أضف رافعة"],
  "deals.put": ["Put it on the table", "Le proposer", "طرحه للتوقيع"],
  "deals.put.anew": ["Put it on the table anew", "Le proposer à nouveau", "طرحه من جديد"],
  "deals.leave": ["Leave it as it is", "Le laisser tel quel", "اتركه كما هو"],
  "deals.done": ["It is on the table.", "Il est proposé.", "طُرح للتوقيع."],
  "predict.head": ["Predictions for this turn", "Prévisions pour ce tour", "توقعات هذه الجولة"],
  "predict.says": ["0 means certainly not, 100 certainly. Scored when the turn is over; 0 is the best score, 1 the worst.", "0 : certainement pas ; 100 : certainement. Noté à la fin du tour ; 0 est la meilleure note, 1 la pire.", "0 يعني قطعًا لا، و100 قطعًا نعم. تُحسب النتيجة عند نهاية الجولة؛ 0 أفضل نتيجة و1 أسوؤها."],
  "predict.give": ["Predict", "Prévoir", "توقّع"],
  "predict.kept": ["Kept.", "Enregistré.", "حُفظ."],
  "predict.mine": ["you said {0} %", "vous avez dit {0} %", "قلت {0}٪"],
  "predict.unscored": ["No prediction has been scored yet.", "Aucune prévision n’a encore été notée.", "لم يُحسب أي توقع بعد."],
  "predict.score": ["Predictions scored: {0}; mean score {1}", "Prévisions notées : {0} ; note moyenne {1}", "توقعات محسوبة: {0}؛ متوسط النتيجة {1}"],
  "predict.signed": ["Will an agreement be signed before the turn ends?", "Un accord sera-t-il signé avant la fin du tour ?", "هل سيُوقَّع اتفاق قبل نهاية الجولة؟"],
  "predict.collapsed": ["Will an agreement collapse before the turn ends?", "Un accord s’effondrera-t-il avant la fin du tour ?", "هل سينهار اتفاق قبل نهاية الجولة؟"],
  "predict.answered": ["Will one side answer another by missiles or from the air before the turn ends?", "Une partie répondra-t-elle à une autre par des missiles ou depuis les airs avant la fin du tour ?", "هل سيردّ طرف على آخر بالصواريخ أو من الجو قبل نهاية الجولة؟"],
  "predict.war": ["Will an open war begin before the turn ends?", "Une guerre ouverte commencera-t-elle avant la fin du tour ?", "هل ستبدأ حرب مفتوحة قبل نهاية الجولة؟"],
  "debrief.runs": ["Futures are running …", "Les futurs sont en cours de calcul …", "يجري حساب المستقبلات …"],
  "debrief.far": ["Futures are running: {0} of {1}", "Futurs en cours de calcul : {0} sur {1}", "يجري حساب المستقبلات: {0} من {1}"],
  "debrief.killed": ["killed", "tués", "القتلى"],
  "debrief.war": ["regional war, % of futures", "guerre régionale, % des futurs", "حرب إقليمية، ٪ من المستقبلات"],
  "debrief.range": ["{0} ({1} to {2})", "{0} ({1} à {2})", "{0} (من {1} إلى {2})"],
  "debrief.nothing": ["moved nothing", "n’a rien changé", "لم يغيّر شيئًا"],
  "debrief.order": ["Turn {0}, {1}: {2} = {3}", "Tour {0}, {1} : {2} = {3}", "الجولة {0}، {1}: {2} = {3}"],
  "debrief.history": ["One history", "Une histoire", "تاريخ واحد"],
  "debrief.stands": ["as it stands", "en l’état", "كما هو الآن"],
  "debrief.played": ["As it was played", "Telle qu’elle a été jouée", "كما لُعب"],
  "debrief.nobody": ["Had nobody ordered anything, on the same luck", "Si personne n’avait rien ordonné, avec le même hasard", "لو لم يأمر أحد بشيء، بالحظ نفسه"],
  "debrief.each": ["Everybody and each delegation", "Tous ensemble et chaque délégation", "الجميع وكل وفد"],
  "debrief.all": ["All orders together", "Tous les ordres ensemble", "كل الأوامر معًا"],
  "debrief.force": ["Agreements in force, % of futures: {0}", "Accords en vigueur, % des futurs : {0}", "اتفاقات سارية، ٪ من المستقبلات: {0}"],
  "debrief.alike": ["no difference told", "aucune différence établie", "لا فرق ثابت"],
  "debrief.turns": ["Turn by turn, all orders of a turn together", "Tour par tour, tous les ordres du tour ensemble", "جولة بجولة، كل أوامر الجولة معًا"],
  "debrief.from.worst": ["From the worst course the world parted in turn {0}, on {1}: killed {2}.", "Le monde a quitté le pire cours au tour {0}, le {1} : tués {2}.", "ابتعد العالم عن أسوأ مسار في الجولة {0}، في {1}: القتلى {2}."],
  "debrief.from.best": ["From the best course it parted in turn {0}, on {1}: killed {2}.", "Il a quitté le meilleur cours au tour {0}, le {1} : tués {2}.", "وابتعد عن أفضل مسار في الجولة {0}، في {1}: القتلى {2}."],
  "debrief.fewest": ["Fewest were killed on “{0}”: {2} to day {1}, here {3}. The two parted in turn {4}, on {5}.", "Le moins de tués : « {0} », {2} au jour {1}, ici {3}. Les deux se sont séparés au tour {4}, le {5}.", "أقل القتلى في «{0}»: {2} حتى اليوم {1}، وهنا {3}. افترق المساران في الجولة {4}، في {5}."],
  "debrief.most": ["Most were killed on “{0}”: {2} to day {1}, here {3}. The two parted in turn {4}, on {5}.", "Le plus de tués : « {0} », {2} au jour {1}, ici {3}. Les deux se sont séparés au tour {4}, le {5}.", "أكثر القتلى في «{0}»: {2} حتى اليوم {1}، وهنا {3}. افترق المساران في الجولة {4}، في {5}."],
  "debrief.whose": ["Whose", "De qui", "لمن"],
  "debrief.predictions": ["Predictions: 0 is the best score, 1 the worst", "Prévisions : 0 est la meilleure note, 1 la pire", "التوقعات: 0 أفضل نتيجة و1 أسوؤها"],
  "debrief.count": ["predictions", "prévisions", "التوقعات"],
  "debrief.mean": ["mean score", "note moyenne", "متوسط النتيجة"],
  "debrief.harm": ["Unanswered harm, as both sides count it", "Dommages restés sans réponse, selon le compte des deux parties", "أضرار بلا رد، كما يحسبها الطرفان"],
  "debrief.holder": ["holder counts", "compte du détenteur", "حساب صاحب السجل"],
  "debrief.other": ["other side counts", "compte de l’autre partie", "حساب الطرف الآخر"],
  "debrief.against": ["{0} against {1}", "{0} envers {1}", "{0} تجاه {1}"],
  "debrief.orders": ["Order by order", "Ordre par ordre", "أمرًا بأمر"],
  "debrief.its": ["All its orders together", "Tous ses ordres ensemble", "كل أوامره معًا"],
  "debrief.score": ["Predictions: {0}; mean score {1}", "Prévisions : {0} ; note moyenne {1}", "التوقعات: {0}؛ متوسط النتيجة {1}"],
  "debrief.print": ["Print, a page for each delegation", "Imprimer, une page par délégation", "طباعة، صفحة لكل وفد"],
  "failed": ["The room did not answer as it should; try again.", "La salle n’a pas répondu comme prévu ; réessayez.", "لم تُجب القاعة كما ينبغي؛ حاول مجددًا."],
  "nonet": ["No network just now; nothing was lost. Try again.", "Pas de réseau pour l’instant ; rien n’est perdu. Réessayez.", "لا توجد شبكة الآن؛ لم يضع شيء. حاول مجددًا."],
  "nonet.waits": ["No network just now; this page tries again.", "Pas de réseau pour l’instant ; cette page réessaie.", "لا توجد شبكة الآن؛ ستحاول هذه الصفحة مجددًا."],
  "refused.wrong_code": ["", "Ce n’est pas le code de la salle ; demandez-le à l’animateur.", "ليس هذا رمز القاعة؛ اطلبه من الميسّر."],
  "refused.locked": ["", "La porte est fermée ; demandez à l’animateur de l’ouvrir.", "الباب مغلق؛ اطلب من الميسّر أن يفتحه."],
  "refused.slow_down": ["", "C’était trop à la fois ; attendez quelques secondes, puis réessayez.", "كان ذلك كثيرًا دفعة واحدة؛ انتظر بضع ثوانٍ ثم حاول مجددًا."],
  "refused.seat_full": ["", "Cette délégation est complète ; prenez un autre siège.", "هذا الوفد مكتمل؛ اختر مقعدًا آخر."],
  "refused.seated": ["", "Vous avez un siège et savez ce qu’il sait ; seul l’animateur peut vous en donner un autre.", "لديك مقعد وتعرف ما يعرفه؛ لا يعطيك غيره سوى الميسّر."],
  "refused.another_turn": ["", "Ce tour est terminé ; c’est maintenant le suivant.", "انتهت هذه الجولة، وبدأت التالية."],
  "refused.bound": ["", "Ce levier est lié dans ce tour par un accord signé ; attendez le suivant.", "هذه الرافعة مُلزَمة في هذه الجولة باتفاق موقّع؛ انتظر الجولة التالية."],
  "refused.not_open": ["", "Cet accord est signé ou retiré ; rédigez-en un autre.", "هذا الاتفاق موقّع أو مسحوب؛ صُغ غيره."],
  "refused.no_proposal": ["", "Il n’y a pas de tel accord parmi les vôtres.", "لا يوجد مثل هذا الاتفاق بين اتفاقاتكم."],
  "refused.bad_terms": ["", "Un accord contient de 1 à 20 leviers, chacun une seule fois.", "يضم الاتفاق من رافعة واحدة إلى 20 رافعة، كلًا منها مرة واحدة."],
  "refused.head_only": ["", "Seul le chef de la délégation réécrit un accord ; proposez-en un autre.", "لا يعيد صياغة الاتفاق سوى رئيس الوفد؛ اقترح غيره."],
  "refused.empty": ["", "Un message contient des mots.", "لا بد للرسالة من كلمات."],
  "refused.not_to_all": ["", "Seuls la presse et l’animateur écrivent à tous les écrans ; écrivez à la presse.", "لا يكتب إلى كل الشاشات سوى الصحافة والميسّر؛ اكتب إلى الصحافة."],
  "refused.full": ["", "Il n’y a plus de place pour cela ; parlez-en à l’animateur.", "لم يعد هناك متسع لذلك؛ تحدّث إلى الميسّر."],
  "refused.not_yet": ["", "C’est l’animateur qui ouvre le bilan.", "الميسّر هو من يفتح المراجعة."],
  "refused.not_kept": ["", "La salle n’enregistre plus rien ; prévenez l’animateur.", "لم تعد القاعة تحفظ شيئًا؛ أخبر الميسّر."],
  "refused.bad_value": ["", "Ce levier n’accepte pas cette valeur ; voyez ce qui est écrit à côté.", "لا تقبل هذه الرافعة هذه القيمة؛ انظر ما كُتب بجانبها."],
  "check.head": ["Will this network do?", "Ce réseau convient-il ?", "هل تصلح هذه الشبكة؟"],
  "check.says": ["Open this page before class on a device like those that will be used, on the network that will be used.", "Ouvrez cette page avant le cours sur un appareil comme ceux qui seront utilisés, sur le réseau qui sera utilisé.", "افتح هذه الصفحة قبل الدرس على جهاز كالأجهزة التي ستُستخدم، وعلى الشبكة التي ستُستخدم."],
  "check.silent": ["The room does not answer.", "La salle ne répond pas.", "القاعة لا تجيب."],
  "check.answers": ["The room answers, in {0} ms.", "La salle répond, en {0} ms.", "تجيب القاعة خلال {0} ملّي ثانية."],
  "check.pushed": ["News is pushed to this browser.", "Les nouvelles arrivent d’elles-mêmes dans ce navigateur.", "تصل الأخبار تلقائيًا إلى هذا المتصفح."],
  "check.asked": ["News cannot be pushed here; the page asks for it instead.", "Les nouvelles n’arrivent pas d’elles-mêmes ici ; la page les demande.", "لا تصل الأخبار تلقائيًا هنا؛ تطلبها الصفحة بدلًا من ذلك."],
  "check.held": ["A request may be held open.", "Une requête peut rester ouverte.", "يمكن إبقاء الطلب مفتوحًا."],
  "check.cut": ["Requests that are held open are cut off.", "Les requêtes qui restent ouvertes sont coupées.", "تُقطع الطلبات التي تبقى مفتوحة."],
  "check.kept": ["This browser keeps a seat over a reload.", "Ce navigateur garde un siège après un rechargement.", "يحتفظ هذا المتصفح بالمقعد بعد إعادة التحميل."],
  "check.lost": ["This browser keeps nothing over a reload: leave private mode.", "Ce navigateur ne garde rien après un rechargement : quittez la navigation privée.", "لا يحتفظ هذا المتصفح بشيء بعد إعادة التحميل: اخرج من التصفح الخاص."],
  "check.good": ["Your network will do.", "Votre réseau convient.", "شبكتك صالحة."],
  "check.bad": ["Not yet.", "Pas encore.", "ليس بعد."],
  "check.ask": ["Ask the technician: devices on this network must reach this computer on port {0} over HTTP (no isolation of clients), and requests of 30 seconds must not be cut off. Otherwise use a hotspot, or one laptop for each delegation.", "Demandez au technicien : les appareils de ce réseau doivent joindre cet ordinateur sur le port {0} en HTTP (sans isolation des clients), et les requêtes de 30 secondes ne doivent pas être coupées. Sinon, utilisez un point d’accès, ou un ordinateur par délégation.", "اسأل التقني: يجب أن تصل أجهزة هذه الشبكة إلى هذا الحاسوب على المنفذ {0} عبر HTTP (من دون عزل الأجهزة)، وألا تُقطع طلبات مدتها 30 ثانية. وإلا فاستخدم نقطة اتصال، أو حاسوبًا لكل وفد."]
};

// Each language with its own name and its direction.
const LANGUAGES = [["en", "English", "ltr"], ["fr", "Français", "ltr"], ["ar", "العربية", "rtl"]];
const SPOKEN = "detente-language";
let language = 0;

// What is put among words that may run the other way turns none of them, and is not turned by them.
const apart = (text) => (LANGUAGES[language][2] === "rtl" ? "\u2068" + text + "\u2069" : String(text));

// What a line says. No line breaks before the marks that French sets apart.
const t = (line, ...parts) => WORDS[line][language].replace(/ (?=[;:?!%])/g, "\u00a0").replace(/\{(\d)\}/g, (_, n) => apart(parts[n]));

// Says everything that stands in the page's own text in a language.
function speak(which) {
  language = which;
  const [code, , direction] = LANGUAGES[which];
  document.documentElement.lang = code;
  document.documentElement.dir = direction;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
}

// The language that was chosen here, or the first of the browser's own that there is; English on pages without the switch.
// `again` draws anew what the page has drawn.
function languages(again) {
  const pick = document.getElementById("language");
  for (const [at, [code, name]] of LANGUAGES.entries()) {
    const option = new Option(name, String(at));
    option.lang = code;
    pick.add(option);
  }
  let kept = null;
  try { kept = localStorage.getItem(SPOKEN); } catch { /* Asked of the browser each time. */ }
  const wanted = [kept, ...navigator.languages].filter(Boolean).map((one) => LANGUAGES.findIndex(([code]) => one.toLowerCase().split("-")[0] === code));
  speak(wanted.find((at) => at >= 0) ?? 0);
  pick.value = String(language);
  pick.addEventListener("change", () => {
    speak(Number(pick.value));
    document.getElementById("said").textContent = "";
    try { localStorage.setItem(SPOKEN, LANGUAGES[language][0]); } catch { /* For this page alone. */ }
    again();
  });
}
