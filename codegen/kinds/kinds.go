// Package kinds is the list of the component kinds that panka can generate. To add one, write its package and add a
// line here; package kindtest then says what it lacks.
package kinds

import (
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/kinds/alb"
	"github.com/panka-io/panka/codegen/kinds/apigateway"
	"github.com/panka-io/panka/codegen/kinds/awsmemorydb"
	"github.com/panka-io/panka/codegen/kinds/cloudfront"
	"github.com/panka-io/panka/codegen/kinds/cronjob"
	"github.com/panka-io/panka/codegen/kinds/documentdb"
	"github.com/panka-io/panka/codegen/kinds/dynamodb"
	"github.com/panka-io/panka/codegen/kinds/ebs"
	"github.com/panka-io/panka/codegen/kinds/ec2instance"
	"github.com/panka-io/panka/codegen/kinds/efs"
	"github.com/panka-io/panka/codegen/kinds/elasticachememcached"
	"github.com/panka-io/panka/codegen/kinds/elasticacheredis"
	"github.com/panka-io/panka/codegen/kinds/eventbridge"
	"github.com/panka-io/panka/codegen/kinds/kafka"
	"github.com/panka-io/panka/codegen/kinds/lambda"
	"github.com/panka-io/panka/codegen/kinds/microservice"
	"github.com/panka-io/panka/codegen/kinds/msk"
	"github.com/panka-io/panka/codegen/kinds/nlb"
	"github.com/panka-io/panka/codegen/kinds/rds"
	"github.com/panka-io/panka/codegen/kinds/s3"
	"github.com/panka-io/panka/codegen/kinds/sns"
	"github.com/panka-io/panka/codegen/kinds/sqs"
	"github.com/panka-io/panka/codegen/kinds/worker"
)

// All are the generators, sorted by name.
func All() []component.Kind {
	return []component.Kind{
		alb.Kind{},
		apigateway.Kind{},
		awsmemorydb.Kind{},
		cronjob.Kind{},
		documentdb.Kind{},
		dynamodb.Kind{},
		ebs.Kind{},
		ec2instance.Kind{},
		efs.Kind{},
		elasticachememcached.Kind{},
		elasticacheredis.Kind{},
		eventbridge.Kind{},
		lambda.Kind{},
		cloudfront.Kind{},
		kafka.Kind{},
		microservice.Kind{},
		msk.Kind{},
		nlb.Kind{},
		rds.Kind{},
		s3.Kind{},
		sns.Kind{},
		sqs.Kind{},
		worker.Kind{},
	}
}
