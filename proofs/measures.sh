#!/usr/bin/env bash
# Each attack on a worker that stays succeeds where its measure is missing: the program is built once without any of them
# (without_measures.patch) in a copy of this folder, and the tests that refuse the attacks must fail, each for its own
# reason. As root they are tried as root and as `nobody`. Prints one line, "N tried, N held"; cargo's flags may be given.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
copy=$target/without_measures
# what was built without measures stays under no name that the next build of this folder takes for its own
clean_up() {
    rm -rf "$copy"
    find "$target" -mindepth 2 -maxdepth 3 -type f \( -name jardin -o -name 'lib*.so' \) ! -name '*-*' -delete
}
trap clean_up EXIT
rm -rf "$copy" && mkdir -p "$copy"
git ls-files -co --exclude-standard | tar cf - -T - | tar xf - -C "$copy"
cd "$copy"
patch -sp1 < proofs/without_measures.patch
users=(own)
[ "$(id -u)" = 0 ] && users=(own nobody)
tried=0 held=0
declare -A said
# a test of the hostile suite, and what it must say when the attack succeeds
while IFS='|' read -r test says; do
    for user in "${users[@]}"; do
        tried=$((tried + 1))
        if [ -z "${said[$test $user]:-}" ]; then
            said[$test $user]=$(JARDIN_TEST_USER=$user CARGO_TARGET_DIR=$target "${CARGO:-cargo}" test "${@:---release}" \
                --workspace --test jardin -- --exact "hostile::$test" 2>&1 < /dev/null || true)
        fi
        if grep -q 'test result: FAILED' <<< "${said[$test $user]}" && grep -qE "$says" <<< "${said[$test $user]}"; then
            held=$((held + 1))
        else
            printf '%s as %s did not say `%s`:\n%s\n' "$test" "$user" "$says" "$(tail -30 <<< "${said[$test $user]}")" >&2
        fi
    done
done << 'TESTS'
staying::nothing_of_a_request_is_left_when_the_next_one_comes|left: Some\(0\)
staying::an_answer_to_a_request_that_is_still_to_come_ends_its_worker|left: Some\(
staying::a_worker_that_goes_on_computing_after_its_answer_is_ended_and_named|it did not come to be
staying::the_sign_of_zero_orders_nothing|ties go by id
staying::a_worker_goes_first_where_memory_is_short|Max address space +unlimited
staying::the_code_of_an_exit_is_not_told|it exited: Some\(37\)
every_attack_ends_its_worker_and_nothing_else|clock-of-the-hosts-computing: .*"r0"
every_attack_ends_its_worker_and_nothing_else|clock-of-its-own-computing: .*"r0"
every_attack_ends_its_worker_and_nothing_else|wake-at-a-shared-word: .*"r0"
every_attack_ends_its_worker_and_nothing_else|read-without-end: .*"r0"
every_attack_ends_its_worker_and_nothing_else|memory-hog: .*gave itself up
what_a_constructor_tries_is_refused|clock-of-the-hosts-computing: Some\(0\)
canary::what_a_request_said_is_nowhere_when_others_were_served|it is held by
TESTS
echo "$tried tried, $held held"
[ "$tried" = "$held" ]
