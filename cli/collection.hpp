// One way in which a server collects from other machines, on threads of its own: over SSH, by
// plugins, from agents that push. Each has a file of its own that prepares it from the
// configuration.
#pragma once

namespace kurabe::cli {

class Collection {
  public:
    virtual ~Collection() = default;  // as stop()

    // Once, when everything that it hands its reports to is there.
    virtual void start() = 0;
    // Nothing is handed in afterwards. May be called again, and without start().
    virtual void stop() = 0;
};

}  // namespace kurabe::cli
