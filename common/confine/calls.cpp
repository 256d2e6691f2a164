// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "confine/calls.hpp"

#if defined(__linux__) && defined(__has_include)
#if __has_include(<linux/seccomp.h>) && __has_include(<linux/audit.h>)
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <system_error>
#include <vector>

// The numbers of calls are those of one machine.
#if defined(__x86_64__)
#define CONFINE_MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define CONFINE_MACHINE AUDIT_ARCH_AARCH64
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define CONFINE_MACHINE AUDIT_ARCH_PPC64LE
#elif defined(__riscv) && __riscv_xlen == 64
#define CONFINE_MACHINE AUDIT_ARCH_RISCV64
#endif
#endif
#endif

namespace confine {

#ifdef CONFINE_MACHINE

namespace {

// The address families' numbers; sys/socket.h belongs to transport.
constexpr std::uint32_t kUnix = 1, kInternet4 = 2, kInternet6 = 10, kNetlink = 16;
constexpr std::uint32_t kKindBits = 0xf, kStream = 1, kDatagram = 2, kRaw = 3;

constexpr auto kAllow = std::uint32_t{SECCOMP_RET_ALLOW};
constexpr std::uint32_t refuse(int with) {
  return std::uint32_t{SECCOMP_RET_ERRNO} | static_cast<std::uint32_t>(with);
}

/// Calls whose arguments do not matter. A number that this machine lacks is -1.
std::vector<long> plain_calls() {
  return {
      // files that are open, or are opened under Landlock
      SYS_read, SYS_readv, SYS_pread64, SYS_write, SYS_writev, SYS_pwrite64, SYS_lseek, SYS_openat,
      SYS_close, SYS_close_range, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_fstatfs, SYS_faccessat,
      SYS_faccessat2, SYS_readlinkat, SYS_getdents64, SYS_fcntl, SYS_flock, SYS_fsync,
      SYS_fdatasync, SYS_ftruncate, SYS_fchmod, SYS_fchmodat, SYS_umask, SYS_renameat2, SYS_linkat,
      SYS_unlinkat, SYS_mkdirat, SYS_dup, SYS_dup3, SYS_pipe2, SYS_getcwd, SYS_fadvise64,
  // only older machines have these
#ifdef SYS_open
      SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_rename, SYS_unlink, SYS_mkdir,
      SYS_chmod, SYS_link, SYS_dup2, SYS_pipe, SYS_poll, SYS_select, SYS_epoll_wait,
      SYS_epoll_create, SYS_eventfd, SYS_getdents, SYS_time, SYS_alarm,
#endif
#ifdef SYS_renameat
      SYS_renameat,
#endif
#ifdef SYS_getrlimit
      SYS_getrlimit, SYS_setrlimit,
#endif
      // the network; nobody is let in
      SYS_connect, SYS_bind, SYS_sendto, SYS_recvfrom, SYS_sendmsg, SYS_recvmsg, SYS_sendmmsg,
      SYS_recvmmsg, SYS_shutdown, SYS_getsockname, SYS_getpeername, SYS_setsockopt, SYS_getsockopt,
      SYS_socketpair,
      // waiting
      SYS_ppoll, SYS_pselect6, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait,
#ifdef SYS_epoll_pwait2
      SYS_epoll_pwait2,
#endif
      SYS_eventfd2, SYS_timerfd_create, SYS_timerfd_settime, SYS_timerfd_gettime, SYS_nanosleep,
      SYS_clock_nanosleep, SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_times,
      // memory and threads
      SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_mincore, SYS_membarrier, SYS_futex,
#ifdef SYS_futex_waitv
      SYS_futex_waitv,
#endif
      SYS_set_robust_list, SYS_get_robust_list, SYS_set_tid_address, SYS_sched_yield,
      SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler, SYS_getcpu,
#ifdef SYS_rseq
      SYS_rseq,
#endif
#ifdef SYS_arch_prctl
      SYS_arch_prctl,
#endif
      // this process
      SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending,
      SYS_rt_sigtimedwait, SYS_rt_sigsuspend, SYS_sigaltstack, SYS_tgkill, SYS_setitimer,
      SYS_getitimer, SYS_restart_syscall, SYS_getpid, SYS_getppid, SYS_gettid, SYS_getuid,
      SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getrusage, SYS_prlimit64, SYS_uname, SYS_sysinfo,
      SYS_getrandom, SYS_exit, SYS_exit_group};
}

sock_filter statement(unsigned code, std::uint32_t value) {
  return {static_cast<std::uint16_t>(code), 0, 0, value};
}
sock_filter jump(unsigned code, std::uint32_t value, std::size_t over_if, std::size_t over_else) {
  return {static_cast<std::uint16_t>(code), static_cast<std::uint8_t>(over_if),
          static_cast<std::uint8_t>(over_else), value};
}

class Filter {
 public:
  Filter() {
    load(offsetof(seccomp_data, arch));
    code_.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, CONFINE_MACHINE, 1, 0));
    give(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(seccomp_data, nr));
  }

  void give(std::uint32_t result) { code_.push_back(statement(BPF_RET | BPF_K, result)); }

  /// These are allowed; the next lines are about all others. Found by halves: the kernel tries
  /// every number there is when it takes the filter. False when they are too many.
  bool allow(std::vector<long> calls) {
    std::sort(calls.begin(), calls.end());
    calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
    std::vector<Span> spans{{0, false}};
    for (const long call : calls) {
      if (call < 0) continue;
      const auto number = static_cast<std::uint32_t>(call);
      if (spans.back().first == number) spans.pop_back();
      if (spans.empty() || !spans.back().allowed) spans.push_back({number, true});
      spans.push_back({number + 1, false});
    }
    std::vector<Open> open;
    search(spans, open);
    const std::size_t end = code_.size();
    give(kAllow);
    return std::all_of(open.begin(), open.end(), [&](const Open& jump) {
      const std::size_t over = end + (jump.allowed ? 0 : 1) - jump.at - 1;
      (jump.if_true ? code_[jump.at].jt : code_[jump.at].jf) = static_cast<std::uint8_t>(over);
      return over <= UINT8_MAX;
    });
  }

  /// Allowed where the argument, of the bits of `mask`, is one of `values`; refused otherwise.
  void allow_if(long call, unsigned argument, std::uint32_t mask,
                std::initializer_list<std::uint32_t> values, int otherwise = EPERM) {
    // load, mask, the values, refusal, allowance
    const std::size_t length = 2 + values.size() + 2;
    code_.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call), 0, length));
    load(argument_offset(argument));
    code_.push_back(statement(BPF_ALU | BPF_AND | BPF_K, mask));
    std::size_t left = values.size();
    for (const auto value : values) {
      code_.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, value, left, 0));
      --left;
    }
    give(refuse(otherwise));
    give(kAllow);
  }

  /// As allow_if(), but what passes here is still to be looked at.
  void demand(long call, unsigned argument, std::uint32_t mask,
              std::initializer_list<std::uint32_t> values) {
    allow_if(call, argument, mask, values);
    code_.back() = statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
  }

  bool install() {
    const sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  }

 private:
  /// From here to the next one.
  struct Span {
    std::uint32_t first;
    bool allowed;
  };
  /// Where a jump to the end of the search is.
  struct Open {
    std::size_t at;
    bool if_true;
    bool allowed;
  };

  /// One comparison for each border between two spans.
  void search(std::span<const Span> spans, std::vector<Open>& open) {
    const auto half = spans.size() / 2;
    const std::size_t at = code_.size();
    code_.push_back(jump(BPF_JMP | BPF_JGE | BPF_K, spans[half].first, 0, 0));
    for (const bool above : {false, true}) {
      const auto part = above ? spans.subspan(half) : spans.first(half);
      if (part.size() == 1) {
        open.push_back({at, above, part.front().allowed});
        continue;
      }
      if (above) code_[at].jt = static_cast<std::uint8_t>(code_.size() - at - 1);
      search(part, open);
    }
  }

  void load(std::size_t offset) {
    code_.push_back(statement(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
  }
  /// Of its lower half: the flags and numbers looked at are 32 bits wide.
  static std::size_t argument_offset(unsigned argument) {
    const std::size_t at = offsetof(seccomp_data, args) + argument * sizeof(std::uint64_t);
    return std::endian::native == std::endian::little ? at : at + sizeof(std::uint32_t);
  }

  std::vector<sock_filter> code_;
};

}  // namespace

std::string confine_calls() {
  Filter filter;
  if (!filter.allow(plain_calls())) return "the filter for system calls is too long";
  filter.demand(SYS_socket, 0, ~0U, {kUnix, kInternet4, kInternet6, kNetlink});
  filter.allow_if(SYS_socket, 1, kKindBits, {kStream, kDatagram, kRaw});
  // What is written is never run; libraries may still be loaded.
  constexpr std::uint32_t kBoth = PROT_WRITE | PROT_EXEC;
  filter.allow_if(SYS_mmap, 2, kBoth, {0, PROT_WRITE, PROT_EXEC});
  filter.allow_if(SYS_mprotect, 2, PROT_EXEC, {0});
  // Threads are begun, processes are not. clone3() hides its flags: without it clone() is called.
  filter.allow_if(SYS_clone, 0, CLONE_THREAD, {CLONE_THREAD});
  // Not TIOCSTI, which types for whoever looks at the terminal.
  filter.allow_if(SYS_ioctl, 1, ~0U, {FIONBIO, FIONREAD, TCGETS, TIOCGWINSZ}, ENOTTY);
  constexpr std::uint32_t kNameMemory = 0x53564d41;  // PR_SET_VMA, by malloc
  filter.allow_if(SYS_prctl, 0, ~0U, {PR_SET_NAME, PR_GET_NAME, kNameMemory});
  filter.give(refuse(ENOSYS));
  if (filter.install()) return {};
  return "this kernel has no seccomp filter for system calls: " +
         std::error_code(errno, std::generic_category()).message();
}

#else

std::string confine_calls() {
  return "system calls are not confined on this machine: no filter is known for it";
}

#endif

}  // namespace confine
