import sys,time
from functools import partial
from tests.analysis.differential.check import check, shows
from tests.analysis.differential.comparison import describe
from tests.analysis.differential.programs import generate, FORMS, joined
from tests.analysis.differential.run import Runner
from tests.analysis.differential.shrink import simplest, shortest
part,parts,secs,out=int(sys.argv[1]),int(sys.argv[2]),float(sys.argv[3]),sys.argv[4]
singles=set(); sets=[]; start=time.time(); n=0
log=open(out,"w")
def note(f,q,d,r):
    small=shortest(q.files,partial(shows,d.wrong,r))
    dd=check(small,r)
    log.write("===== "+" || ".join(sorted(f))+"\n"+(describe(joined(small),dd[0]) if dd else "")+"\n"); log.flush()
with Runner() as r:
    for form in FORMS[part::parts]:
        for k in range(9):
            if form in singles: break
            p=generate(k*31+len(form)*977, allowed=lambda f: f==form, wanted=frozenset([form]))
            if form not in p.forms: continue
            d=check(p.files,r)
            if d:
                q=simplest(p,partial(shows,d[0].wrong,r)); f=frozenset(q.forms)
                if len(f)==1: singles|=f
                elif any(s<=f for s in sets): continue
                else: sets.append(f)
                note(f,q,d[0],r)
                break
    log.write(f"##### {len(singles)} {time.time()-start}\n"); log.flush()
    seed=17+part
    while time.time()-start<secs:
        n+=1
        p=generate(seed*1000003+n, allowed=lambda f: f not in singles)
        if any(s<=set(p.forms) for s in sets): continue
        d=check(p.files,r)
        if d:
            q=simplest(p,partial(shows,d[0].wrong,r)); f=frozenset(q.forms)
            if len(f)==1: singles|=f
            else: sets.append(f)
            note(f,q,d[0],r)
    log.write(f"##### {n} programs {len(singles)} {len(sets)}\n")
