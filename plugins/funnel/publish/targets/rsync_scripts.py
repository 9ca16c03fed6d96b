"""What runs on the other machine: POSIX shell, with nothing but coreutils (or busybox) and rsync there.

`$1` is always the folder of releases. Each script changes at most what its first line says.
"""

LIVE = """
live() { if [ -L current ]; then link=$(readlink current); home=${link%/site}; echo "${home##*/}"; fi; }
"""

READ = (
    LIVE
    + """
# Changes nothing. Answers: what `current` is, the homes of all whole releases (newest last), the live shipment.
set -eu
if [ ! -d "$1" ]; then echo nothing; echo; exit 0; fi
cd "$1"
if [ -L current ]; then echo "live $(live)"; elif [ -e current ]; then echo folder; else echo nothing; fi
names=
if [ -f history ]; then while read -r name; do [ -f "releases/$name/shipment.json" ] && names="$names $name"; done < history || true; fi
echo "$names"
home=${2:-$(live)}
if [ -n "$home" ] && [ -f "releases/$home/shipment.json" ]; then cat "releases/$home/shipment.json"; fi
"""
)

SUMS = """
# Changes nothing. Answers a line `DIGEST  PATH` for each file of release $2.
set -eu
cd "$1/releases/$2/site"
if command -v sha256sum >/dev/null 2>&1; then find . -type f -exec sha256sum {} +; else find . -type f -exec shasum -a 256 {} +; fi
"""

BEGIN = """
# Makes the folder of a new upload, $2, and removes uploads that died more than a day ago.
set -eu
umask 022
mkdir -p "$1/releases/$2/site"
find "$1/releases" -maxdepth 1 -name '.*.partial' -mmin +1440 -exec rm -rf {} +
"""

DISCARD = """
# Removes the upload $2: on a full disk the half of it would be in the way.
rm -rf "$1/releases/$2"
"""

SWITCH = (
    LIVE
    + """
# Puts home $3 on-line if $4 is what is live; the upload $2 becomes that home first, unless it is empty. $5 releases are kept.
# The record of the upload comes in as $6 bytes: a line that breaks looks like its end, and must not put half a record on-line.
set -eu
umask 022
cd "$1"
if [ -n "$2" ]; then
    cat > "releases/$2/shipment.json"
    if [ "$(wc -c < "releases/$2/shipment.json")" -ne "$6" ]; then rm -rf "releases/$2"; echo "the line broke" >&2; exit 1; fi
    sync -f . 2>/dev/null || sync
fi
exec 9>.lock
if command -v flock >/dev/null 2>&1; then flock -w 30 9 || { echo "another publish holds the lock" >&2; exit 1; }; fi
if [ -e current ] && [ ! -L current ]; then echo folder; exit 0; fi
now=$(live)
if [ "${now%%.*}" != "${4%%.*}" ]; then
    if [ -n "$2" ]; then rm -rf "releases/$2"; fi
    echo "stale ${now%%.*}"
    exit 0
fi
home=$3
if [ -n "$2" ]; then
    number=1
    while [ -e "releases/$home" ]; do number=$((number + 1)); home="$3.$number"; done
    mv "releases/$2" "releases/$home"
fi
echo "$home" >> history
link=.current.$$
trap 'rm -f "$link"' EXIT
ln -s "releases/$home/site" "$link"
if mv --version >/dev/null 2>&1 || mv -T -- "$link" current 2>/dev/null; then
    if [ -L "$link" ]; then mv -T -- "$link" current; fi
else
    mv -h "$link" current
fi
echo "live $home"
# What is too old goes, and other copies of what is live: a release is mended beside its damaged copy, never in its place.
keep=" "; count=0
for name in $(sed -n '1!G;h;$p' history); do
    id=${name%%.*}
    case "$keep" in *" $id "*) continue;; esac
    if [ "$count" -lt "$5" ] && [ -e "releases/$name" ]; then keep="$keep$id "; count=$((count + 1)); fi
done
for path in releases/*; do
    name=${path#releases/}; id=${name%%.*}
    if [ "$name" = "$home" ]; then continue; fi
    case "$keep" in *" $id "*) if [ "$id" != "${home%%.*}" ]; then continue; fi;; esac
    rm -rf "$path"
done
tail -n 200 history > .history.new
mv .history.new history
"""
)

EXAMINE = """
# Changes nothing that a reader could see. Answers a line for each thing looked at.
set -u
new=; [ -d "$1" ] || new=yes
if mkdir -p "$1" 2>/dev/null && : > "$1/.writable" 2>/dev/null; then rm -f "$1/.writable"; echo "writable yes"; else echo "writable no"; fi
if [ -e "$1/current" ] && [ ! -L "$1/current" ]; then echo "link no"; else echo "link yes"; fi
if command -v rsync >/dev/null 2>&1; then echo "rsync yes"; else echo "rsync no"; fi
if [ -n "$new" ]; then rmdir "$1" 2>/dev/null; fi
echo "clock $(date +%s)"
"""
