/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The check_dnssec authors
 *
 * Preloaded, it moves a program's wall clock by the seconds that the file $MOVED_CLOCK holds (eight
 * octets, as the machine has them), live: signers and checks are led through weeks in minutes. Never
 * allocates, so that it works with allocators that ask for the time (named with jemalloc). */
#define _GNU_SOURCE
#include <fcntl.h>
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
