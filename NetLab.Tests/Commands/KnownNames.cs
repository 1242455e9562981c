using NetLab.Core;
using NetLab.Tui.Commands;

namespace NetLab.Tests.Commands;

/// <summary>Names that do not depend on the machine: http-alt is 8080, localhost both loopbacks, root and nobody the users.</summary>
internal sealed class KnownNames : INameLookup
{
    public static IpAddress LoopbackV6 { get; } = IpAddress.TryParse("::1", out var address) ? address : default;

    public ushort? Port(string service) => service == "http-alt" ? 8080 : null;

    public IpAddress[] Addresses(string host) =>
        host == "localhost" ? [IpAddress.Loopback, LoopbackV6] : IpAddress.TryParse(host, out var address) ? [address] : [];

    public string User(uint id) => id switch { 0 => "root", 65534 => "nobody", _ => $"{id}" };
}
