package dev.weir.node;

import dev.weir.config.LoadedConfig;
import dev.weir.config.Problems;
import dev.weir.config.TlsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks certificate and key before a server gets them, so that a wrong pair never replaces one that works. Stateless. */
final class TlsFiles {
    private static final Pattern KEY = Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
    private static final byte[] PROBE = {1, 2, 3};

    private TlsFiles() {}

    static void check(LoadedConfig loaded, Problems problems) {
        TlsConfig tls = loaded.config().http().tls();
        if (tls == null) {
            return;
        }
        Path chain = loaded.resolve(tls.certificate());
        Path key = loaded.resolve(tls.key());
        if (!Files.isReadable(chain) || !Files.isReadable(key)) {
            // The configuration's own check of its files has said so already.
            return;
        }
        try {
            Certificate certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(chain)));
            if (!fits(certificate, privateKey(Files.readString(key), certificate))) {
                wrong(loaded, problems, "the key does not belong to the certificate " + tls.certificate());
            }
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            wrong(loaded, problems, "certificate or key cannot be read: " + e.getMessage());
        }
    }

    private static void wrong(LoadedConfig loaded, Problems problems, String message) {
        problems.add(
                loaded.origins().at("http.tls.key"),
                "http.tls: " + message,
                "give a PEM certificate chain and its PKCS#8 key (openssl pkcs8 -topk8 -nocrypt)");
    }

    private static PrivateKey privateKey(String pem, Certificate certificate) throws GeneralSecurityException {
        Matcher block = KEY.matcher(pem);
        if (!block.find()) {
            throw new IllegalArgumentException("no block that begins with -----BEGIN PRIVATE KEY-----");
        }
        byte[] der = Base64.getMimeDecoder().decode(block.group(1));
        return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    private static boolean fits(Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        String family = key.getAlgorithm();
        Signature signature = Signature.getInstance(
                family.startsWith("Ed") ? family : "SHA256with" + (family.equals("EC") ? "ECDSA" : family));
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(PROBE);
        return signature.verify(signed);
    }
}
