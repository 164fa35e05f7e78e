package dev.weir.config;

/** Certificate and key of the HTTP side, both PEM. */
@Doc("TLS of the HTTP side; files are read again on reload.")
public record TlsConfig(
        @Doc("PEM file with the certificate chain.") String certificate,
        @Doc("PEM file with the private key (PKCS#8).") String key) {}
