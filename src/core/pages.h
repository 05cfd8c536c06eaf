// A vector that grows by pages: elements never move, and growing never needs twice the memory. A std::deque
// also keeps them in place, but puts only five rows into a node.
#pragma once

#include <compare>
#include <cstddef>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

namespace whywait {

template <class T>
class Pages {
 public:
  template <class Owner, class Value>
  class Iterator {
   public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = Value*;
    using reference = Value&;

    Iterator() = default;
    Iterator(Owner* owner, size_t at) : owner_(owner), at_(at) {}
    reference operator*() const { return (*owner_)[at_]; }
    pointer operator->() const { return &**this; }
    reference operator[](difference_type n) const { return *(*this + n); }
    Iterator& operator++() { return *this += 1; }
    Iterator& operator--() { return *this += -1; }
    // NOLINTNEXTLINE(cert-dcl21-cpp): as every iterator of the library does
    Iterator operator++(int) { return std::exchange(*this, *this + 1); }
    // NOLINTNEXTLINE(cert-dcl21-cpp)
    Iterator operator--(int) { return std::exchange(*this, *this - 1); }
    Iterator& operator+=(difference_type n) {
      at_ += static_cast<size_t>(n);
      return *this;
    }
    Iterator& operator-=(difference_type n) { return *this += -n; }
    friend Iterator operator+(Iterator i, difference_type n) { return i += n; }
    friend Iterator operator+(difference_type n, Iterator i) { return i += n; }
    friend Iterator operator-(Iterator i, difference_type n) { return i -= n; }
    friend difference_type operator-(const Iterator& a, const Iterator& b) {
      return static_cast<difference_type>(a.at_) - static_cast<difference_type>(b.at_);
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }
    auto operator<=>(const Iterator& other) const { return at_ <=> other.at_; }

   private:
    Owner* owner_ = nullptr;
    size_t at_ = 0;
  };
  using value_type = T;
  using iterator = Iterator<Pages, T>;
  using const_iterator = Iterator<const Pages, const T>;

  T& operator[](size_t i) { return pages_[i / kPage][i % kPage]; }
  const T& operator[](size_t i) const { return pages_[i / kPage][i % kPage]; }
  const T& at(size_t i) const {
    if (i >= size()) throw std::out_of_range("a row that is not there");
    return (*this)[i];
  }
  T& back() { return pages_.back().back(); }
  const T& front() const { return (*this)[0]; }
  size_t size() const { return pages_.empty() ? 0 : (pages_.size() - 1) * kPage + pages_.back().size(); }
  bool empty() const { return pages_.empty(); }

  void push_back(const T& item) {
    if (pages_.empty() || pages_.back().size() == kPage) pages_.emplace_back().reserve(kPage);
    pages_.back().push_back(item);
  }
  void clear() { pages_.clear(); }

  iterator begin() { return {this, 0}; }
  iterator end() { return {this, size()}; }
  const_iterator begin() const { return {this, 0}; }
  const_iterator end() const { return {this, size()}; }

 private:
  static constexpr size_t kPage = 512;

  std::vector<std::vector<T>> pages_;
};

}  // namespace whywait
