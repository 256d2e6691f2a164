/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The check_dnssec authors
 *
 * Preloaded, it moves a program's wall clock by the seconds that the file $MOVED_CLOCK holds (eight
 * octets, as the machine has them), live: signers and checks are led through weeks in minutes.
 * Whoever waits until a time of that clock (pthread_cond_timedwait) wakes when it is moved there.
 * Never allocates, so that it works with allocators that ask for the time (named with jemalloc). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t* offset;

__attribute__((constructor)) static void attach(void) {
  const char* file = getenv("MOVED_CLOCK");
  if (file == NULL) return;
  const int descriptor = open(file, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  void* memory = mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (memory != MAP_FAILED) offset = memory;
}

static time_t moved(void) { return offset == NULL ? 0 : (time_t)*offset; }

int clock_gettime(clockid_t id, struct timespec* now) {
  const int result = (int)syscall(SYS_clock_gettime, id, now);
  if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += moved();
  return result;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  (void)zone;
  struct timespec exact;
  if (clock_gettime(CLOCK_REALTIME, &exact) != 0) return -1;
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* into) {
  struct timespec exact;
  if (clock_gettime(CLOCK_REALTIME, &exact) != 0) return -1;
  if (into != NULL) *into = exact.tv_sec;
  return exact.tv_sec;
}

enum { kSlice = 10000000, kSecond = 1000000000 };

static int (*wait_until)(pthread_cond_t*, pthread_mutex_t*, const struct timespec*);

__attribute__((constructor)) static void find_wait(void) {
  /* Without a version it may be the oldest, which knows another pthread_cond_t. */
  void* found = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
  if (found == NULL) found = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
  *(void**)&wait_until = found;
}

static int reached(const struct timespec* until) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec > until->tv_sec ||
         (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec);
}

/* In slices of the real clock, since nobody is woken when the moved one moves. */
int pthread_cond_timedwait(pthread_cond_t* restrict condition, pthread_mutex_t* restrict mutex,
                           const struct timespec* restrict until) {
  /* A time since the machine's start is of the monotonic clock, which is not moved. */
  if (offset == NULL || until->tv_sec < kSecond) return wait_until(condition, mutex, until);
  while (!reached(until)) {
    struct timespec slice;
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &slice);
    slice.tv_nsec += kSlice;
    slice.tv_sec += slice.tv_nsec / kSecond;
    slice.tv_nsec %= kSecond;
    const int result = wait_until(condition, mutex, &slice);
    if (result != ETIMEDOUT) return result;
  }
  return ETIMEDOUT;
}
