namespace NetLab.Core.Packets;

/// <summary>The fields of TLS records and of ClientHello and ServerHello (RFC 8446), as far as they lie in one segment.</summary>
internal static class TlsLayer
{
    public static readonly ProtocolDefinition Protocol = new("tls", "Transport Layer Security", ProtocolTier.Application);

    private static readonly FieldDefinition ContentType = Protocol.Number("tls.record.content_type", "Content Type", type => type switch
    {
        20 => "Change Cipher Spec",
        21 => "Alert",
        22 => "Handshake",
        23 => "Application Data",
        24 => "Heartbeat",
        _ => null,
    });

    private static readonly FieldDefinition RecordVersion = Protocol.Hex("tls.record.version", "Version", 4, VersionName);
    private static readonly FieldDefinition RecordLength = Protocol.Number("tls.record.length", "Length");
    private static readonly FieldDefinition HandshakeType = Protocol.Number("tls.handshake.type", "Handshake Type", type => type switch
    {
        0 => "Hello Request",
        1 => "Client Hello",
        2 => "Server Hello",
        4 => "New Session Ticket",
        8 => "Encrypted Extensions",
        11 => "Certificate",
        12 => "Server Key Exchange",
        13 => "Certificate Request",
        14 => "Server Hello Done",
        15 => "Certificate Verify",
        16 => "Client Key Exchange",
        20 => "Finished",
        22 => "Certificate Status",
        _ => null,
    });

    private static readonly FieldDefinition HandshakeLength = Protocol.Number("tls.handshake.length", "Length");
    private static readonly FieldDefinition Version = Protocol.Hex("tls.handshake.version", "Version", 4, VersionName);
    private static readonly FieldDefinition Random = Protocol.Value("tls.handshake.random", "Random", FieldKind.Bytes);
    private static readonly FieldDefinition Session = Protocol.Value("tls.handshake.session_id", "Session ID", FieldKind.Bytes);
    private static readonly FieldDefinition CipherSuite = Protocol.Hex("tls.handshake.ciphersuite", "Cipher Suite", 4);
    private static readonly FieldDefinition ExtensionType = Protocol.Number("tls.handshake.extension.type", "Extension Type");
    private static readonly FieldDefinition ServerName = Protocol.Value("tls.handshake.extensions_server_name", "Server Name", FieldKind.Text);
    private static readonly FieldDefinition Alpn = Protocol.Value("tls.handshake.extensions_alpn_str", "ALPN Next Protocol", FieldKind.Text);
    private static readonly FieldDefinition SupportedVersion = Protocol.Hex("tls.handshake.extensions.supported_version", "Supported Version", 4, VersionName);
    private static readonly FieldDefinition AlertLevel = Protocol.Number("tls.alert_message.level", "Level");
    private static readonly FieldDefinition AlertDescription = Protocol.Number("tls.alert_message.desc", "Description");

    private static string? VersionName(ulong version) => version switch
    {
        0x0300 => "SSL 3.0",
        0x0301 => "TLS 1.0",
        0x0302 => "TLS 1.1",
        0x0303 => "TLS 1.2",
        0x0304 => "TLS 1.3",
        _ => (version & 0x0F0F) == 0x0A0A ? "Reserved (GREASE)" : null,
    };

    /// <summary>Whether a payload begins a record: a known type, version 3.x, a length that a record may have.</summary>
    public static bool Begins(ReadOnlySpan<byte> payload) =>
        payload is [>= 20 and <= 24, 3, <= 4, _, _, ..] && (payload[3] << 8 | payload[4]) is > 0 and <= 16384 + 2048;

    public static void Dissect(ref DissectionContext context, int at, int end)
    {
        context.Into.Begin(Protocol, at, end - at);
        // Behind ChangeCipherSpec a handshake is encrypted and its first byte means nothing.
        bool encrypted = false;
        while (Begins(context.Bytes[at..end]))
        {
            context.Indent = 0;
            byte type = context.Bytes[at];
            int length = context.UInt16(at + 3);
            context.Bytes8(ContentType, at);
            context.Bytes16(RecordVersion, at + 1);
            context.Bytes16(RecordLength, at + 3);
            int recordEnd = Math.Min(end, at + 5 + length);
            context.Indent = 1;
            // A record that goes on in the next segment is left to reassembly.
            if (type == 22 && !encrypted && at + 5 + length <= end)
                Handshakes(ref context, at + 5, recordEnd);
            else if (type == 21 && length == 2 && recordEnd == at + 7)
                Alert(ref context, at + 5);
            encrypted |= type == 20;
            at = recordEnd;
        }

        context.Indent = 0;
    }

    private static void Alert(ref DissectionContext context, int at)
    {
        context.Bytes8(AlertLevel, at);
        context.Bytes8(AlertDescription, at + 1);
    }

    private static void Handshakes(ref DissectionContext context, int at, int end)
    {
        while (at + 4 <= end)
        {
            int type = context.Bytes[at];
            int length = context.Bytes[at + 1] << 16 | context.UInt16(at + 2);
            if (type is not (<= 6 or 8 or >= 11 and <= 16 or 20 or >= 21 and <= 24) || at + 4 + length > end)
                return;
            context.Bytes8(HandshakeType, at);
            context.Add(HandshakeLength, at + 1, 3, (ulong)length);
            if (type is 1 or 2 && length >= 38)
                Hello(ref context, at + 4, at + 4 + length, type);
            at += 4 + length;
        }
    }

    private static void Hello(ref DissectionContext context, int at, int end, int type)
    {
        context.Bytes16(Version, at);
        context.Span(Random, at + 2, 32);
        int session = context.Bytes[at + 34];
        at += 35;
        if (at + session + 2 > end)
            return;
        if (session > 0)
            context.Span(Session, at, session);
        at += session;
        if (type == 2)
        {
            context.Bytes16(CipherSuite, at);
            at += 3;
        }
        else
        {
            int suites = context.UInt16(at);
            at += 2;
            if (at + suites + 1 > end)
                return;
            for (int suite = at; suite + 2 <= at + suites; suite += 2)
                context.Bytes16(CipherSuite, suite);
            at += suites;
            at += context.Bytes[at] + 1;
        }

        if (at + 2 > end)
            return;
        Extensions(ref context, at + 2, Math.Min(end, at + 2 + context.UInt16(at)), type);
    }

    private static void Extensions(ref DissectionContext context, int at, int end, int handshake)
    {
        while (at + 4 <= end)
        {
            int type = context.UInt16(at);
            int length = context.UInt16(at + 2);
            context.Bytes16(ExtensionType, at);
            at += 4;
            if (at + length > end)
            {
                context.Into.Mark(LayerMark.Malformed, "an extension is longer than its message");
                return;
            }

            context.Indent++;
            Extension(ref context, type, at, at + length, handshake);
            context.Indent--;
            at += length;
        }
    }

    private static void Extension(ref DissectionContext context, int type, int at, int end, int handshake)
    {
        switch (type)
        {
            case 0:
                // A list of (type, length, name); type 0 is a host name (RFC 6066 section 3).
                for (at += 2; at + 3 <= end && at + 3 + context.UInt16(at + 1) <= end; at += 3 + context.UInt16(at + 1))
                    context.Span(ServerName, at + 3, context.UInt16(at + 1));
                break;
            case 16:
                for (at += 2; at < end && at + 1 + context.Bytes[at] <= end; at += 1 + context.Bytes[at])
                    context.Span(Alpn, at + 1, context.Bytes[at]);
                break;
            case 43 when handshake == 2 && end - at == 2:
                context.Bytes16(SupportedVersion, at);
                break;
            case 43:
                for (at += 1; at + 2 <= end; at += 2)
                    context.Bytes16(SupportedVersion, at);
                break;
        }
    }
}
