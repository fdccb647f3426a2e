package dev.narwhal;

import dev.narwhal.access.AccessConfiguration;
import dev.narwhal.access.audit.AuditConfiguration;
import dev.narwhal.access.control.ControlConfiguration;
import dev.narwhal.access.guard.GuardConfiguration;
import dev.narwhal.access.jwt.JwtConfiguration;
import dev.narwhal.access.limits.LimitsConfiguration;
import dev.narwhal.api.ApiConfiguration;
import dev.narwhal.api.audit.AuditApiConfiguration;
import dev.narwhal.api.batches.BatchesConfiguration;
import dev.narwhal.api.creation.CreationConfiguration;
import dev.narwhal.api.events.EventsConfiguration;
import dev.narwhal.api.keys.KeysConfiguration;
import dev.narwhal.api.owners.OwnersConfiguration;
import dev.narwhal.api.server.ServerApiConfiguration;
import dev.narwhal.api.statistics.StatisticsApiConfiguration;
import dev.narwhal.api.uploads.UploadsConfiguration;
import dev.narwhal.batch.BatchConfiguration;
import dev.narwhal.database.DatabaseConfiguration;
import dev.narwhal.delivery.DeliveryConfiguration;
import dev.narwhal.destination.settings.DestinationConfiguration;
import dev.narwhal.doctor.CommandLine;
import dev.narwhal.download.DownloadConfiguration;
import dev.narwhal.history.HistoryConfiguration;
import dev.narwhal.http.HttpConfiguration;
import dev.narwhal.http.TomcatConfiguration;
import dev.narwhal.ingest.IngestConfiguration;
import dev.narwhal.lease.LeaseConfiguration;
import dev.narwhal.logging.LoggingConfiguration;
import dev.narwhal.node.NodeConfiguration;
import dev.narwhal.protocol.tus.TusConfiguration;
import dev.narwhal.staging.StagingConfiguration;
import dev.narwhal.startup.FrameworkConfiguration;
import dev.narwhal.startup.StartupConfiguration;
import dev.narwhal.startup.StopLimit;
import dev.narwhal.startup.Watchdog;
import dev.narwhal.statistics.StatisticsConfiguration;
import dev.narwhal.upload.UploadConfiguration;
import dev.narwhal.web.WebConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** The table of contents: each line of the list is a feature, and nothing is found by scanning. */
@SpringBootConfiguration(proxyBeanMethods = false)
@Import({
    FrameworkConfiguration.class, // the parts of Spring Boot in use
    StartupConfiguration.class, // what happens before the first request
    LoggingConfiguration.class, // which request a line of the log belongs to
    AccessConfiguration.class, // who may upload
    JwtConfiguration.class, // by tokens of an issuer
    ControlConfiguration.class, // commands of the machine's own
    GuardConfiguration.class, // the API, the operator's endpoints and the pages
    LimitsConfiguration.class, // how much
    AuditConfiguration.class, // who has done what
    DatabaseConfiguration.class, // how changes of rows become durable
    UploadConfiguration.class, // what an upload is, and its row
    StagingConfiguration.class, // bytes between the first chunk and delivery
    NodeConfiguration.class, // which process this is, and whose the volume is
    LeaseConfiguration.class, // one writer per upload
    IngestConfiguration.class, // the use-cases of receiving
    HistoryConfiguration.class, // what happened to an upload
    BatchConfiguration.class, // uploads that belong together
    DeliveryConfiguration.class, // from staging to the destination, through restarts
    DestinationConfiguration.class, // where finished files go
    StatisticsConfiguration.class, // how uploads have gone, by hours and days
    DownloadConfiguration.class, // reading a file back
    HttpConfiguration.class, // which bodies may be read, whatever the protocol
    TomcatConfiguration.class, // the container, for long bodies from slow clients
    TusConfiguration.class, // tus 1.0.0 on the wire
    ApiConfiguration.class, // what applications and operators ask over HTTP
    UploadsConfiguration.class, // uploads: lists, one, cancelled, retried
    CreationConfiguration.class, // uploads and upload URLs for clients without credentials
    AuditApiConfiguration.class, // its audit log
    OwnersConfiguration.class, // its owners
    KeysConfiguration.class, // keys and sessions of browsers
    BatchesConfiguration.class, // how far a batch is
    EventsConfiguration.class, // changes of uploads as they happen
    ServerApiConfiguration.class, // what the server tells of itself
    StatisticsApiConfiguration.class, // of uploads by hours and days
    WebConfiguration.class, // the upload page
})
public class NarwhalApplication {

    public static void main(String[] args) {
        CommandLine.run(NarwhalApplication::train, args).ifPresentOrElse(System::exit, () -> serve(args));
    }

    private static void serve(String[] args) {
        SpringApplication application = new SpringApplication(NarwhalApplication.class);
        application.addListeners(new StopLimit(), new Watchdog());
        application.run(args);
    }

    /** Without the limit of a stop: the JVM may write its cache for longer. */
    private static ConfigurableApplicationContext train(String[] args) {
        SpringApplication application = new SpringApplication(NarwhalApplication.class);
        application.setRegisterShutdownHook(false);
        application.addListeners(new Watchdog());
        return application.run(args);
    }
}
