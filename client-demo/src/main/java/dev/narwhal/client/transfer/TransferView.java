package dev.narwhal.client.transfer;

/** What a transfer tells while it runs. Called from several threads. */
public interface TransferView {

    /** The server has this many bytes; what is sent next starts there. May be lower than what was reached before. */
    void continuesAt(long offset);

    /** So many bytes of the file have left, counted from its start. Called often. */
    void reaches(long position);

    /** Something worth a line: a break, a new start. */
    void says(String sentence);

    /** Nothing is shown after this. */
    void close();
}
