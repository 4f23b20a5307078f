/* Runs a program under a filter, as containers run all of theirs under one: `within PROGRAM ARGUMENT…`. It allows everything but the calls from
 * FIRST to LAST, which the program finds the kernel not to have. */
#include <errno.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#ifndef FIRST
#define FIRST 0xfffffff0
#define LAST 0xfffffff0
#endif

int main(int count, char **arguments) {
    struct sock_filter filters[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
        {BPF_JMP | BPF_JGE | BPF_K, 0, 2, FIRST},
        {BPF_JMP | BPF_JGT | BPF_K, 1, 0, LAST},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    struct sock_fprog program = {sizeof filters / sizeof *filters, filters};
    if (count < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, 1, 0, &program)) return 126;
    execv(arguments[1], arguments + 1);
    return 127;
}
