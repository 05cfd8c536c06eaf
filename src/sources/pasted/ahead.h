// Makes items on a thread of its own, a few ahead of the caller, who uses those made before.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace whywait::pasted {

template <class Item>
class Ahead {
 public:
  // Makes the next item in the place of an old one; returns false for the last. next() rethrows its
  // exceptions.
  using Make = std::function<bool(Item&)>;

  explicit Ahead(Make make) : make_(std::move(make)) {}
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;
  // Waits until the item in progress is finished.
  ~Ahead() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      stops_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  // The result is valid until the next call; null after the last item.
  Item* next() {
    if (is_over_) return nullptr;
    // Most sources have only one item, which is not worth a thread.
    if (given_ == 0) return make_here();
    if (given_ == 1) begin();
    return thread_.joinable() ? take() : make_here();
  }

 private:
  static constexpr size_t kAhead = 3;

  Item* make_here() {
    ++given_;
    is_over_ = !make_(items_[0]);
    return items_.data();
  }

  void begin() {
    try {
      thread_ = std::thread([this] { run(); });
    } catch (const std::system_error&) {
      // The system refuses more threads: next() makes the items itself.
    }
  }

  void run() {
    bool more = true;
    try {
      for (size_t i = made_; more; ++i) {
        {
          std::unique_lock lock(mutex_);
          changed_.wait(lock, [&] { return stops_ || i < used_ + kAhead; });
          if (stops_) return;
        }
        more = make_(items_[i % kAhead]);
        {
          const std::lock_guard lock(mutex_);
          made_ = i + 1;
          has_ended_ = !more;
        }
        changed_.notify_all();
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      error_ = std::current_exception();
      changed_.notify_all();
    }
  }

  Item* take() {
    std::unique_lock lock(mutex_);
    used_ = given_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return made_ > given_ || error_ != nullptr; });
    if (made_ == given_) {
      is_over_ = true;
      std::rethrow_exception(error_);
    }
    auto* item = &items_[given_++ % kAhead];
    is_over_ = has_ended_ && given_ == made_;
    return item;
  }

  Make make_;
  std::array<Item, kAhead> items_;
  size_t given_ = 0;
  bool is_over_ = false;

  std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  size_t made_ = 1;  // the first item is made before the thread starts
  size_t used_ = 0;
  bool has_ended_ = false;
  bool stops_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace whywait::pasted
