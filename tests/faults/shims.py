# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What a host does seldom, for the programs that load it: a wall clock that jumps, and a kernel that
makes no more threads (whose limit does not hold for root); and libraries that break down in two threads
at once."""

import subprocess

SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
static pthread_barrier_t together;
static void *break_down(void *how) {
  pthread_barrier_wait(&together);
  if (how) abort();
  __builtin_trap();
}
/* The wall clock jumps at each third reading; the steady one does not. */
int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  static int readings;
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, now);
  const char *jump = getenv("CLOCK_JUMP");
  if (jump && clock == CLOCK_REALTIME && ++readings % 3 == 0) now->tv_sec += atol(jump);
  return result;
}
int pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *with) {
  static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  static int made;
  if (!real) real = (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))
      dlsym(RTLD_NEXT, "pthread_create");
  if (getenv("BREAK_DOWN")) {
    pthread_barrier_init(&together, NULL, 2);
    real(thread, how, break_down, NULL);
    return real(thread, how, break_down, thread);
  }
  const char *most = getenv("MOST_THREADS");
  if (most && made++ >= atoi(most)) return EAGAIN;
  return real(thread, how, run, with);
}
"""


def build(directory):
    """The library to load."""
    source, library = directory / "shims.c", directory / "shims.so"
    source.write_text(SOURCE, encoding="ascii")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


def jumping(library, seconds):
    """Of the environment of a program whose clock jumps."""
    return {"LD_PRELOAD": str(library), "CLOCK_JUMP": str(seconds)}


def few_threads(library, most):
    """Of the environment of a program that may make so many threads."""
    return {"LD_PRELOAD": str(library), "MOST_THREADS": str(most)}


def breaking_down(library):
    """Of the environment of a program that is broken by its first thread and by another."""
    return {"LD_PRELOAD": str(library), "BREAK_DOWN": "yes"}
