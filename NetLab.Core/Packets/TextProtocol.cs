namespace NetLab.Core.Packets;

/// <summary>A protocol of text lines that tcpdump knows by its port: its name and the words that begin a request.</summary>
internal sealed class TextProtocol
{
    private const string HttpCommands = "GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE LABEL MERGE DELETE SEARCH UNLOCK REPORT "
        + "UPDATE NOTIFY BDELETE CONNECT OPTIONS CHECKIN PROPFIND CHECKOUT CCM_POST SUBSCRIBE PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT "
        + "MKACTIVITY MKWORKSPACE UNSUBSCRIBE RPC_CONNECT VERSION-CONTROL BASELINE-CONTROL";

    private const string RtspCommands = "OPTIONS DESCRIBE ANNOUNCE SETUP PLAY PAUSE TEARDOWN GET_PARAMETER SET_PARAMETER REDIRECT RECORD";

    private const string FtpCommands = "ACCT APPE CWD DELE HELP LIST MODE NLST NOOP PASS PASV PORT QUIT REIN RETR SITE STAT STOR TYPE USER "
        + "ABOR ALLO CDUP MKD PWD RMD RNFR RNTO SMNT STOU STRU SYST";

    private const string SipCommands = "ACK BYE CANCEL INFO INVITE MESSAGE NOTIFY OPTIONS PRACK QAUTH REFER REGISTER SPRACK SUBSCRIBE UPDATE PUBLISH";

    private static readonly TextProtocol Http = new("HTTP", HttpCommands, StatusToken.Second);
    private static readonly TextProtocol Rtsp = new("RTSP", RtspCommands, StatusToken.Second);
    private static readonly TextProtocol Ftp = new("FTP", FtpCommands, StatusToken.First);
    private static readonly TextProtocol Smtp = new("SMTP", null, StatusToken.First);
    private static readonly TextProtocol Whois = new("WHOIS", null, StatusToken.First);

    /// <summary>SIP (RFC 3261).</summary>
    public static TextProtocol Sip { get; } = new("SIP", SipCommands, StatusToken.Second);

    private readonly byte[][]? _commands;
    private readonly StatusToken _status;

    private TextProtocol(string name, string? commands, StatusToken status)
    {
        Name = System.Text.Encoding.ASCII.GetBytes(name);
        _commands = commands?.Split(' ').Select(System.Text.Encoding.ASCII.GetBytes).ToArray();
        _status = status;
    }

    private enum StatusToken
    {
        First,
        Second,
    }

    /// <summary>The name that begins the text.</summary>
    public byte[] Name { get; }

    /// <summary>The protocol that either port names, in tcpdump's order of precedence.</summary>
    public static TextProtocol? ByPort(ushort source, ushort destination) => Known(source) ?? Known(destination);

    private static TextProtocol? Known(ushort port) => port switch
    {
        80 or 8080 or 3128 => Http,
        21 => Ftp,
        25 or 587 => Smtp,
        43 => Whois,
        554 or 8554 => Rtsp,
        5060 or 5061 => Sip,
        _ => null,
    };

    /// <summary>Whether the text begins a request or a response; one without commands has nothing else.</summary>
    public bool BeginsMessage(ReadOnlySpan<byte> text)
    {
        if (_commands is null)
            return true;
        int end = TokenEnd(text);
        var token = text[..end];
        if (token.IsEmpty)
            return false;
        foreach (var command in _commands)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(token, command))
                return true;
        }

        if (_status == StatusToken.Second)
        {
            while (end < text.Length && text[end] is (byte)' ' or (byte)'\t')
                end++;
            text = text[end..];
            token = text[..TokenEnd(text)];
        }

        return token.Length == 3 && !token.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static int TokenEnd(ReadOnlySpan<byte> text)
    {
        int end = 0;
        while (end < text.Length && text[end] is > 0x20 and < 0x7F)
            end++;
        return end;
    }
}
