/** The rows of the table, their results, and the page that shows them. */
package dev.narwhal.bench.table;
