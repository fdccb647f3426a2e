/** Narwhal and its peers as processes, what they use of the machine, and the tools that start them. */
package dev.narwhal.bench.server;
