// Stands between a test program and the system calls by which files change: counts them, lets one
// of them fail, and tells a watcher of each.
//
// A program that links system_calls.cpp has these functions instead of the C library's; the code
// under test is the same as in the product. Calls from libraries are among them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace kurabe::tests {

// What is about to be called.
struct SystemCall {
    const char* name;
    int descriptor = -1;      // of calls on an open file or directory
    std::string path = {};    // of calls on a name
    std::string target = {};  // of rename and link
    const void* memory = nullptr;
};

// Only calls of the thread that sets it are seen. The watcher's own calls are not.
class SystemCalls {
  public:
    // The result is an errno with which the call fails, or 0 to let it be.
    using Watcher = std::function<int(const SystemCall&)>;
    explicit SystemCalls(Watcher before, std::function<void(const SystemCall&)> after = {});
    ~SystemCalls();
    SystemCalls(const SystemCalls&) = delete;
    SystemCalls& operator=(const SystemCalls&) = delete;
};

}  // namespace kurabe::tests
