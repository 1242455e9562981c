using System.Globalization;

namespace NetLab.Tui.Commands;

/// <summary>Ports as a user lists them: "8000", "8000,8080", "8000-8010", and by the names of /etc/services.</summary>
internal sealed class PortSet
{
    private readonly (ushort First, ushort Last)[] _ranges;

    private PortSet((ushort First, ushort Last)[] ranges) => _ranges = ranges;

    /// <summary>Whether the port is one of them.</summary>
    public bool Contains(ushort port)
    {
        foreach (var (first, last) in _ranges)
        {
            if (port >= first && port <= last)
                return true;
        }

        return false;
    }

    /// <summary>The ports one by one; null when they are more than <paramref name="most"/>.</summary>
    public IReadOnlyList<ushort>? Enumerate(int most)
    {
        long count = _ranges.Sum(range => range.Last - range.First + 1L);
        return count > most ? null : [.. _ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1)).Select(port => (ushort)port)];
    }

    /// <summary>Reads a list.</summary>
    /// <param name="text">"8000,9000-9010,http".</param>
    /// <param name="service">Finds a service's port by its name; null where there is none.</param>
    /// <param name="ports">The ports.</param>
    /// <param name="mistake">What is wrong, when the answer is false.</param>
    public static bool TryParse(string text, Func<string, ushort?> service, out PortSet ports, out string mistake)
    {
        var ranges = new List<(ushort, ushort)>();
        (ports, mistake) = (new PortSet([]), "");
        foreach (string part in text.Split(','))
        {
            int dash = part.IndexOf('-');
            if (TryNumber(part, out ushort single))
                ranges.Add((single, single));
            else if (dash > 0 && TryNumber(part[..dash], out ushort first) && TryNumber(part[(dash + 1)..], out ushort last) && first <= last)
                ranges.Add((first, last));
            else if (part.Length > 0 && char.IsAsciiLetter(part[0]) && service(part) is { } port)
                ranges.Add((port, port));
            else
            {
                mistake = part.Length == 0 ? "a port is missing" : $"'{part}' is no port (0 to 65535), no range of ports and no service of /etc/services";
                return false;
            }
        }

        ports = new PortSet([.. ranges]);
        return true;
    }

    private static bool TryNumber(string text, out ushort port) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
