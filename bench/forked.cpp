// fork(2) with a pipe for the port.
#include "bench/forked.hpp"

#include <csignal>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/measuring.hpp"

namespace kurabe::bench {

Forked::Forked(const std::function<void(const Announce& announce)>& serve) {
    int pipe[2];
    if (::pipe(pipe) != 0) stop("no pipe");
    process_ = ::fork();
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve([&pipe](int port) {
            if (::write(pipe[1], &port, sizeof port) != sizeof port) ::_exit(1);
        });
        ::_exit(1);
    }
    ::close(pipe[1]);
    if (::read(pipe[0], &port_, sizeof port_) != sizeof port_) stop("a peer does not start");
    ::close(pipe[0]);
}

Forked::~Forked() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

}  // namespace kurabe::bench
