package dev.narwhal.startup;

/** A setting is wrong; the message is one sentence for the operator. */
class WrongSettingException extends RuntimeException {

    WrongSettingException(String sentence) {
        super(sentence);
    }
}
