package dev.narwhal.client.transfer;

import dev.narwhal.client.transfer.Attempt.Step;
import dev.narwhal.client.transfer.Verdict.Again;
import dev.narwhal.client.transfer.Verdict.Anew;
import dev.narwhal.client.transfer.Verdict.GiveUp;
import io.tus.java.client.ProtocolException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The one place that decides what a failure means. Stricter clients stop at 409, 410 or 429; none of them has to be an end. */
final class Verdicts {

    private final URI endpoint;

    Verdicts(URI endpoint) {
        this.endpoint = endpoint;
    }

    Verdict of(Exception failure, Step step) {
        return switch (failure) {
            case SourceException here -> new GiveUp(sentence(here));
            case ForeignUploadException other -> new Anew(sentence(other));
            case StalledException stalled -> again(sentence(stalled));
            case ProtocolException refused ->
                Answer.of(refused.getCausingConnection())
                        .map(answer -> of(answer, step))
                        .orElseGet(() -> again("the answer of the server was cut off"));
            case IOException broken -> ofBroken(broken);
            case NumberFormatException garbled ->
                new GiveUp("the answers at " + endpoint + " are not those of a tus server");
            default -> new GiveUp("unexpected: " + failure);
        };
    }

    Verdict of(Answer answer, Step step) {
        int status = answer.status();
        if (answer.isSuccess()) {
            return ofIncomplete(step);
        }
        if (status / 100 == 3) {
            return new GiveUp("the server redirects"
                    + answer.location().map(to -> " to " + to).orElse("") + " (" + status + "); give that as --url");
        }
        return step == Step.CREATING ? ofCreation(answer) : ofUpload(answer);
    }

    /** The status was good, what must come with it was not there or did not fit. */
    private Verdict ofIncomplete(Step step) {
        return switch (step) {
            case CREATING -> new GiveUp("no tus server answers at " + endpoint + ": it names no upload");
            case ASKING -> again("the server does not say how much of the upload it has");
            case SENDING -> again("the server has not taken all that was sent");
        };
    }

    private Verdict ofCreation(Answer answer) {
        return switch (answer.status()) {
            case 404, 405, 410 -> giveUp("there is no upload server at " + endpoint, answer);
            case 507 -> giveUp("the server has no space for it", answer);
            default -> ofAny(answer);
        };
    }

    private Verdict ofUpload(Answer answer) {
        return switch (answer.status()) {
            case 404, 410 -> new Anew("the server no longer has this upload (" + answer.status() + ")");
            case 409 -> again("the server is at another place of the file (409)");
            case 413 -> giveUp("a request was too large for the server; a smaller --chunk-size may help", answer);
            case 507 -> later("the server is short of space", answer);
            default -> ofAny(answer);
        };
    }

    private Verdict ofAny(Answer answer) {
        return switch (answer.status()) {
            case 401 -> giveUp("the server wants to know who is calling; see --header", answer);
            case 403 -> giveUp("the server does not allow it", answer);
            case 407 -> giveUp("the proxy wants to know who is calling", answer);
            case 408, 425 -> later("the server asks to try again", answer);
            case 409 -> later("the server is in conflict", answer);
            case 412 -> giveUp("the server speaks another version of tus", answer);
            case 413 -> giveUp("it is too large for the server", answer);
            case 423 -> later("the upload is in use", answer);
            case 429 -> later("the server asks for fewer requests", answer);
            case 501, 505 -> giveUp("the server cannot do this", answer);
            default ->
                answer.status() >= 500
                        ? later("the server has a problem", answer)
                        : giveUp("the server refused the upload", answer);
        };
    }

    private Verdict ofBroken(IOException failure) {
        return switch (failure) {
            case UnknownHostException unknown -> again("the host " + endpoint.getHost() + " is not known");
            case ConnectException refused -> again("no connection to " + endpoint.getAuthority() + describe(refused));
            case NoRouteToHostException unreachable ->
                again("no connection to " + endpoint.getAuthority() + describe(unreachable));
            case SocketTimeoutException silent -> again("the server does not answer" + describe(silent));
            case SSLException insecure -> ofInsecure(insecure);
            default -> again("the connection broke" + describe(failure));
        };
    }

    /** A handshake can break like any other exchange; a certificate stays what it is. */
    private Verdict ofInsecure(SSLException failure) {
        return causedByCertificate(failure)
                ? new GiveUp("the certificate of " + endpoint.getAuthority() + " is not trusted" + describe(failure))
                : again("the secure connection broke" + describe(failure));
    }

    private static boolean causedByCertificate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }

    private static Verdict again(String sentence) {
        return new Again(sentence, Duration.ZERO);
    }

    private static Verdict later(String sentence, Answer answer) {
        return new Again(withStatus(sentence, answer), answer.retryAfter());
    }

    private static Verdict giveUp(String sentence, Answer answer) {
        return new GiveUp(withStatus(sentence, answer));
    }

    private static String withStatus(String sentence, Answer answer) {
        return sentence + " (" + answer.status()
                + answer.detail().map(text -> ": " + text).orElse("") + ")";
    }

    private static String describe(IOException failure) {
        return failure.getMessage() == null ? "" : " (" + failure.getMessage() + ")";
    }

    private static String sentence(IOException failure) {
        return String.valueOf(failure.getMessage());
    }
}
