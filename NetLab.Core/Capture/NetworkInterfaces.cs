using NetLab.Core.Interop;

namespace NetLab.Core.Capture;

/// <summary>An interface that packets can be captured on.</summary>
/// <param name="Name">Its name, as <c>-i</c> takes it.</param>
/// <param name="Description">What it is, in libpcap's words; empty for most.</param>
/// <param name="IsUp">Whether it is up.</param>
/// <param name="IsRunning">Whether it has a carrier.</param>
/// <param name="IsLoopback">Whether it leads back to this machine.</param>
/// <param name="Addresses">Its IPv4 and IPv6 addresses.</param>
public sealed record NetworkInterface(
    string Name, string Description, bool IsUp, bool IsRunning, bool IsLoopback, IReadOnlyList<IpAddress> Addresses);

/// <summary>The interfaces of this network namespace.</summary>
public static class NetworkInterfaces
{
    /// <summary>Lists them as libpcap does, with "any" among them; no permission is needed.</summary>
    /// <param name="obstacle">Why not, when the answer is null.</param>
    public static IReadOnlyList<NetworkInterface>? List(out Obstacle? obstacle)
    {
        obstacle = Pcap.IsAvailable ? null : new Obstacle("Packets need libpcap, which is not on this machine.", "sudo apt-get install libpcap0.8");
        if (obstacle is not null)
            return null;
        var devices = PcapDevices.List(out string error);
        if (devices is null)
            obstacle = new Obstacle($"The interfaces could not be listed: {error}.");
        return devices?.Select(device => new NetworkInterface(device.Name, device.Description, (device.Flags & PcapDevices.Up) != 0,
            (device.Flags & PcapDevices.Running) != 0, (device.Flags & PcapDevices.Loopback) != 0, device.Addresses)).ToList();
    }
}
