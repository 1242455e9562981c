namespace NetLab.Core;

/// <summary>An IP address and a port (0 where it has none yet).</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port, in host order.</param>
public readonly record struct Endpoint(IpAddress Address, ushort Port) : ISpanFormattable
{
    /// <summary>The text's longest form: "[IPv6]:65535".</summary>
    public const int MaxTextLength = IpAddress.MaxTextLength + 8;

    /// <summary>Whether neither address nor port is known.</summary>
    public bool IsUnknown => Port == 0 && Address.IsUnspecified;

    /// <summary>Writes "127.0.0.1:8000" or "[::1]:8000".</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null) =>
        Address.IsIPv4
            ? destination.TryWrite($"{Address}:{Port}", out charsWritten)
            : destination.TryWrite($"[{Address}]:{Port}", out charsWritten);

    /// <summary>Reads "127.0.0.1:8000" or "[::1]:8000".</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Endpoint endpoint)
    {
        endpoint = default;
        int colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text[(colon + 1)..], out ushort port))
            return false;
        var host = text[..colon];
        bool bracketed = host is ['[', .., ']'];
        if (!IpAddress.TryParse(bracketed ? host[1..^1] : host, out var address) || bracketed != host.Contains(':'))
            return false;
        endpoint = new Endpoint(address, port);
        return true;
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxTextLength];
        TryFormat(text, out int length);
        return new string(text[..length]);
    }
}
