import {
  GatewayVpcEndpointAwsService,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  Subnet,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { SchoolConfig } from '../school-config.ts';
import { acknowledge } from './acknowledge.ts';

/**
 * Where tasks run: public subnets, nothing may come in, only HTTPS may go out. A NAT gateway or interface
 * endpoints would each cost more than the rest of the school; the gateway endpoints are free.
 */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly taskGroup: SecurityGroup;

  constructor(scope: Construct, id: string, school: SchoolConfig) {
    super(scope, id);
    if (school.vpc) {
      const availabilityZones = school.vpc.subnet_ids.map(
        (_, index) => `${school.region}${'abcdef'[index % 6]}`,
      );
      this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId: school.vpc.id, availabilityZones });
      this.subnets = school.vpc.subnet_ids.map((id, index) => existingSubnet(this, `Subnet${index + 1}`, id));
    } else {
      this.vpc = newVpc(this);
      this.subnets = this.vpc.publicSubnets;
    }
    this.taskGroup = new SecurityGroup(this, 'TaskGroup', {
      vpc: this.vpc,
      description: 'Tasks: nothing in, HTTPS out',
      allowAllOutbound: false,
    });
    this.taskGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS APIs and the image registry');
  }
}

function existingSubnet(scope: Construct, id: string, subnetId: string): ISubnet {
  const subnet = Subnet.fromSubnetId(scope, id, subnetId);
  acknowledge(subnet, {
    'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId':
      'Tasks are placed in the subnet by its id; nobody here asks for its route table.',
  });
  return subnet;
}

function newVpc(scope: Construct): Vpc {
  const vpc = new Vpc(scope, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24 }],
    gatewayEndpoints: {
      S3: { service: GatewayVpcEndpointAwsService.S3 },
      DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
    },
    // Nothing uses the default group; emptying it would take a custom resource with EC2 permissions.
    restrictDefaultSecurityGroup: false,
  });
  acknowledge(vpc, {
    'AwsSolutions-VPC7':
      'Only tasks without any listener live here; flow logs would record addresses and cost more than they.',
  });
  return vpc;
}
