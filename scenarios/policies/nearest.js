// The nearest idle rider for each open order, oldest first: a policy in JavaScript.
// paotui run campus_lunch --dispatch "exec:node scenarios/policies/nearest.js"
const lines = require("readline").createInterface({ input: process.stdin });

lines.on("line", (line) => {
  const wave = JSON.parse(line);
  const idle = new Set(wave.riders.filter((r) => r.available && r.route.length === 0));
  const assignments = [];
  wave.orders.forEach((order, column) => {
    if (order.ready_at > wave.now + 600) return; // too early
    let best = null;
    for (const rider of idle)
      if (best === null || rider.to_pickup_s[column] < best.to_pickup_s[column]) best = rider;
    if (best === null) return;
    idle.delete(best);
    assignments.push({ rider: best.id, route: [["pickup", order.id], ["dropoff", order.id]] });
  });
  console.log(JSON.stringify({ assignments }));
});
