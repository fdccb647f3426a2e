/** What happens to a server, its database and its lines, and what its clients find afterwards. */
@NullMarked
package dev.narwhal.faults;

import org.jspecify.annotations.NullMarked;
